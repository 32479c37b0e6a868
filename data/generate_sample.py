"""Writes data/sample/*.csv: one invented day of a hub-and-spoke airline at Abu Dhabi. Same seed, same bytes.

Airports come from the project's own table (OurAirports, public domain); everything else is made up here.
Usage: /usr/bin/python3 data/generate_sample.py [FOLDER]
"""

import csv
import math
import pathlib
import random
import re
import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ROOT = pathlib.Path(__file__).resolve().parents[1]
HUB = "AUH"
SEED = 20260615

# type: (first, business, economy), cargo kg, ETOPS min, rest facility class, turnaround min, cabin crew
TYPES = {
    "A320": ((0, 8, 150), 3000, 0, 0, 45, 4),
    "A321": ((0, 16, 168), 4500, 0, 0, 50, 5),
    "B789": ((0, 28, 262), 16000, 180, 1, 75, 9),
    "B78X": ((0, 32, 304), 18000, 180, 1, 75, 10),
    "B77W": ((8, 40, 280), 22000, 180, 1, 90, 12),
    "A35K": ((0, 44, 327), 21000, 180, 1, 90, 11),
}
# Which types a crew may operate: ratings are shared within a family.
RATINGS = {"A320": "A320 A321", "A321": "A320 A321", "B789": "B789 B78X", "B78X": "B789 B78X",
           "B77W": "B77W", "A35K": "A35K"}

# local begin, local end of the night closure; movements left in tonight's quota
CURFEWS = {"SYD": ("23:00", "06:00", ""), "FRA": ("23:00", "05:00", ""), "NRT": ("00:30", "06:00", ""),
           "LHR": ("", "", "3")}
CONNECTING = {"AUH": 60, "LHR": 75, "CDG": 90, "FRA": 45, "BKK": 75, "JFK": 120}

# registration, type, first airport, flights: number, destination, departure in UTC (day of June, time).
# A duty is the flights between two "|".
ROTATIONS = """
A6-AEA A320 AUH EY371 BAH 15 02:00 EY372 AUH 15 03:55 EY331 RUH 15 06:30 EY332 AUH 15 08:50
A6-AEB A320 AUH EY381 MCT 15 02:30 EY382 AUH 15 04:20 | EY395 DOH 15 06:10 EY396 AUH 15 07:50 \
EY301 KWI 15 10:15 EY302 AUH 15 12:45
A6-AEC A320 AUH EY204 BOM 15 02:45 EY205 AUH 15 06:40 | EY313 JED 15 11:30 EY314 AUH 15 14:50
A6-AED A320 AUH EY651 CAI 15 05:30 EY652 AUH 15 09:45 | EY347 RUH 15 15:00 EY348 AUH 15 17:30
A6-AEE A320 AUH EY292 KHI 15 02:15 EY293 AUH 15 05:15 | EY513 AMM 15 10:00 EY514 AUH 15 13:50
A6-AEF A320 AUH EY262 CMB 15 03:45 EY263 AUH 15 09:15
A6-AZA A321 AUH EY246 COK 15 04:05 EY247 AUH 15 08:45 | EY655 CAI 15 14:50 EY656 AUH 15 19:05
A6-AZB A321 AUH EY97 IST 15 05:15 EY98 AUH 15 10:20 | EY375 BAH 15 16:30 EY376 AUH 15 18:40
A6-AZC A321 AUH EY278 MAA 15 04:50 EY279 AUH 15 10:00
A6-AZD A321 AUH EY333 RUH 15 03:30 EY334 AUH 15 06:00 | EY210 DEL 15 15:30 EY211 AUH 15 20:00
A6-BLA B789 AUH EY31 CDG 15 10:30 | EY32 AUH 15 18:45
A6-BLB B789 AUH EY1 FRA 15 10:50 | EY2 AUH 15 19:00
A6-BLE B789 AUH EY87 MXP 15 10:35 | EY88 AUH 15 18:20
A6-BNC B789 AUH EY282 BKK 14 18:15 | EY283 AUH 15 02:30 | EY19 LHR 15 10:45 | \
EY20 AUH 15 19:50 | EY206 BOM 16 06:10 EY207 AUH 16 10:35
A6-BND B789 AUH EY408 BKK 14 04:15 | EY407 AUH 15 11:15 | EY61 CDG 15 22:30
A6-BNE B789 AUH EY286 BKK 15 04:30 | EY287 AUH 15 12:45 | EY17 LHR 15 22:10
A6-BMA B78X AUH EY37 CDG 15 22:00 | EY38 AUH 16 07:00
A6-BMB B78X AUH EY216 DEL 15 05:00 EY217 AUH 15 10:00 | EY5 FRA 15 21:45
A6-BMC B78X AUH EY418 KUL 15 04:40 | EY417 AUH 15 14:00
A6-BMD B78X AUH EY470 SIN 15 05:05 | EY471 AUH 15 14:30
A6-ETA B77W AUH EY101 JFK 15 06:15 | EY102 AUH 15 22:30
A6-ETB B77W AUH EY424 MNL 15 04:20 | EY425 AUH 15 15:00
A6-ETC B77W AUH EY428 MNL 14 05:00 | EY429 AUH 15 13:00
A6-ETD B77W AUH EY131 IAD 15 11:40 | EY132 AUH 16 04:10
A6-XWA A35K AUH EY454 SYD 15 18:05 | EY451 AUH 16 11:30
A6-XWB A35K AUH EY450 SYD 14 18:05 | EY455 AUH 15 11:30
A6-XWC A35K AUH EY11 LHR 14 22:10 | EY12 AUH 15 08:00 | EY878 NRT 15 18:00 | EY871 AUH 16 08:30
"""

# EY283's connecting passengers: 51 in groups of (onward flight, passengers, cabin, special need).
CONNECTIONS_OF_EY283 = [
    ("EY19", 8, "economy", ""), ("EY19", 4, "business", ""), ("EY19", 2, "economy", "wheelchair"),
    ("EY31", 7, "economy", ""), ("EY31", 2, "business", ""), ("EY1", 8, "economy", ""),
    ("EY87", 5, "economy", ""), ("EY87", 1, "economy", "unaccompanied_minor"), ("EY131", 6, "economy", ""),
    ("EY655", 4, "economy", ""), ("EY347", 4, "economy", ""),
]

MAINTENANCE = [
    ("A6-BNC", "29-11-01", 29, "Right hydraulic system, electric pump inoperative", "C", "2026-06-12", "",
     "Check fluid quantity and the remaining pump before each flight", "false", 180, "false"),
    ("A6-AEC", "21-31-02", 21, "Automatic cabin pressure controller 2 inoperative", "B", "2026-06-12", "",
     "", "false", 120, "false"),
    ("A6-BLE", "49-11-01", 49, "Auxiliary power unit inoperative", "C", "2026-06-10", "",
     "Ground power and air at every station", "true", 420, "false"),
    ("A6-AZB", "25-22-01", 25, "Passenger seat 21C does not recline", "D", "2026-03-02", "", "", "false", 60,
     "false"),
    ("A6-BMD", "23-51-03", 23, "Cockpit voice recorder inoperative", "A", "2026-06-14", 3, "", "false", 90,
     "false"),
    ("A6-ETC", "", 73, "Left engine fuel control unit failed at start", "", "2026-06-14", "", "",
     "false", 900, "true"),
]

# id, airport, family, from, until, call-out minutes, pilots, flight minutes of 28 days where they matter
STANDBYS = [
    ("SBY-A320-1", HUB, "A320", "15 01:00", "15 13:00", 90, 2, None),
    ("SBY-A320-2", HUB, "A320", "15 11:00", "15 23:00", 90, 2, 5850),
    ("SBY-B787-1", HUB, "B789", "15 00:00", "15 12:00", 90, 2, None),
    ("SBY-B787-2", HUB, "B789", "15 10:00", "15 22:00", 90, 3, None),
    ("SBY-B777-1", HUB, "B77W", "15 02:00", "15 14:00", 120, 4, None),
    ("SBY-A350-1", HUB, "A35K", "15 12:00", "16 00:00", 120, 4, None),
    ("SBY-BKK-1", "BKK", "B789", "15 00:00", "15 12:00", 60, 2, None),
]

CARGO = [
    ("EY283", "pharma", 1200, 2, 8, "2026-06-15T14:00Z", "", "", "false", ""),
    ("EY283", "perishables", 3400, 2, 6, "2026-06-15T12:30Z", "", "", "false", ""),
    ("EY283", "dangerous_goods", 40, "", "", "", "UN1845", "9", "false", ""),
    ("EY283", "general", 5200, "", "", "", "", "", "false", ""),
    ("EY19", "live_animals", 180, 10, 27, "2026-06-16T02:00Z", "", "", "false", ""),
    ("EY424", "aog_parts", 310, "", "", "", "", "", "false", "A6-ETC"),
    ("EY101", "dangerous_goods", 260, "", "", "", "UN1263", "3", "false", ""),
    ("EY454", "live_animals", 420, 5, 28, "2026-06-16T16:00Z", "", "", "false", ""),
    ("EY204", "pharma", 600, 15, 25, "2026-06-15T20:00Z", "", "", "false", ""),
    ("EY1", "pharma", 2400, 2, 8, "2026-06-16T06:00Z", "", "", "false", ""),
]

rng = random.Random(SEED)


def read_airports():
    text = (ROOT / "src" / "agents" / "reference" / "airports.cpp").read_text(encoding="utf-8")
    row = re.compile(r'\{"(\w{3})", "(\w{4})", "([^"]+)", "(\w\w)", "([^"]+)", ([-.\d]+), ([-.\d]+)\}')
    return {m[1]: m.groups() for m in row.finditer(text)}


AIRPORTS = read_airports()


def great_circle_km(a, b):
    lat1, lon1, lat2, lon2 = (math.radians(float(x)) for x in (*AIRPORTS[a][5:7], *AIRPORTS[b][5:7]))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def block(a, b):
    """Half an hour for taxi, climb and descent, the rest at 840 km/h; full five minutes."""
    minutes = 30 + great_circle_km(a, b) / 14.0
    return timedelta(minutes=5 * math.ceil(minutes / 5))


def june(text):
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-06-{day}T{clock}")


def instant(time):
    return time.strftime("%Y-%m-%dT%H:%MZ")


def local(time, airport):
    return time.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(AIRPORTS[airport][4]))


def minutes(delta):
    return int(delta.total_seconds()) // 60


class Flight:
    def __init__(self, number, origin, destination, departure, aircraft, kind):
        self.number, self.origin, self.destination = number, origin, destination
        self.departure, self.arrival = departure, departure + block(origin, destination)
        self.aircraft, self.kind = aircraft, kind
        self.date = local(departure, origin).date().isoformat()
        self.free = dict(zip(("first", "business", "economy"), TYPES[kind][0]))

    def key(self):
        return [self.number, self.date]


def read_rotations():
    """Flights, and the duties as lists of flights."""
    flights, duties = [], []
    for line in ROTATIONS.strip().splitlines():
        aircraft, kind, place, *rest = line.split()
        duty, ready = [], None
        for token in " ".join(rest).split(" | "):
            fields = token.split()
            duty = []
            for i in range(0, len(fields), 4):
                number, destination, day, clock = fields[i:i + 4]
                flight = Flight(number, place, destination, june(f"{day} {clock}"), aircraft, kind)
                turnaround = timedelta(minutes=TYPES[kind][4])
                assert ready is None or flight.departure >= ready + turnaround, f"{number} has no turnaround"
                ready, place = flight.arrival, destination
                duty.append(flight)
                flights.append(flight)
            duties.append(duty)
    return flights, duties


FLIGHTS, DUTIES = read_rotations()
BY_NUMBER = {flight.number: flight for flight in FLIGHTS}
assert len(BY_NUMBER) == len(FLIGHTS)


def daily_limit(start, sectors, pilots):
    """ORO.FTL.205(b)(1) Table 2; CS FTL.1.205(c) with a class 1 rest facility.

    `start` is the minute of the day where the crew is acclimatised.
    """
    if pilots > 2:
        return {3: 16, 4: 17}[pilots] * 60
    if 360 <= start <= 809:
        base = 780
    elif 810 <= start <= 1019:
        base = 765 - 15 * ((start - 810) // 30)
    elif 300 <= start <= 359:
        base = 720 + 15 * ((start - 300) // 15)
    else:
        base = 660
    return max(540, base - 30 * max(0, sectors - 2))


def pilots_for(duty):
    time = minutes(duty[-1].arrival - duty[0].departure) + 75
    if TYPES[duty[0].kind][3] == 0 or time <= 10 * 60 + 45:
        return 2
    return 3 if time <= 13 * 60 + 30 else 4


crew_rows, duty_rows, duty_flight_rows, roster_rows = [], [], [], []


def add_crew(duty_id, kind, pilots, base, previous, previous_end, flight_28=None):
    captains = 2 if pilots == 4 else 1
    ranks = ["CPT"] * captains + ["FO"] * (pilots - captains) + ["SCC"] + ["CC"] * (TYPES[kind][5] - 1)
    for rank in ranks:
        member = f"C{len(crew_rows) + 1:04}"
        seven = rng.randrange(900, 2101, 15)
        fourteen = seven + rng.randrange(900, 2101, 15)
        month = fourteen + rng.randrange(1800, 4201, 15)
        flown = flight_28 if flight_28 and rank in ("CPT", "FO") else rng.randrange(1800, 4201, 15)
        year = rng.randrange(16000, 24001, 15)
        crew_rows.append([member, rank, base, RATINGS[kind], seven, fourteen, month, flown, year,
                          year + rng.randrange(16000, 24001, 15), previous, instant(previous_end)])
        roster_rows.append([duty_id, member])


def add_duties():
    for duty in DUTIES:
        first = duty[0]
        pilots = pilots_for(duty)
        report = first.departure - timedelta(minutes=60 if pilots == 2 else 75)
        at_hub = first.origin == HUB
        long_layover = first.number == "EY455"
        fdp, start = minutes(duty[-1].arrival - report), local(report, HUB)
        limit = daily_limit(start.hour * 60 + start.minute, len(duty), pilots)
        if long_layover and pilots == 2:
            limit = 660
        assert fdp <= limit, f"{first.number}: {fdp} of {limit} minutes"
        previous = 480 if at_hub else minutes(block(HUB, first.origin)) + 90
        rest = timedelta(minutes=max(840, previous + 120) + rng.randrange(0, 601, 5))
        if long_layover:
            rest = timedelta(hours=62)
        previous_end = report - rest
        if first.number == "EY283":
            previous, previous_end = 475, june("14 11:10")
        name = "D-" + first.number
        acclimatised = "" if long_layover else HUB
        duty_rows.append([name, "flight", first.origin, instant(report), "", "", acclimatised, "", "false"])
        for flight in duty:
            duty_flight_rows.append([name, *flight.key()])
        add_crew(name, first.kind, pilots, HUB, previous, previous_end)
    for name, place, kind, begin, end, call_out, pilots, flight_28 in STANDBYS:
        times = [instant(june(begin)), instant(june(end)), call_out]
        duty_rows.append([name, "standby", place, *times, HUB, "", "false"])
        add_crew(name, kind, pilots, HUB, 480, june(begin) - timedelta(hours=20), flight_28)


booking_rows = []


def add_booking(legs, cabin, passengers, need):
    """One group on one flight, or on two that connect: a row a flight."""
    for flight in legs:
        assert flight.free[cabin] >= passengers, flight.number
        flight.free[cabin] -= passengers
    group = len({row[0][:6] for row in booking_rows}) + 1
    for leg, flight in enumerate(legs):
        onward = legs[leg + 1].key() if leg + 1 < len(legs) else ["", ""]
        booking_rows.append([f"B{group:05}-{leg + 1}", *flight.key(), cabin, passengers, need, *onward,
                             legs[-1].destination])


def add_connections():
    arrivals = [f for f in FLIGHTS if f.destination == HUB and f.number != "EY283"]
    for inbound in arrivals:
        onwards = [f for f in FLIGHTS if f.origin == HUB and f.destination != inbound.origin
                   and timedelta(minutes=60) <= f.departure - inbound.arrival <= timedelta(hours=7)]
        for onward in rng.sample(onwards, min(len(onwards), rng.randint(2, 4))):
            cabin = "business" if rng.random() < 0.15 else "economy"
            size = min(rng.randint(1, 9), inbound.free[cabin], onward.free[cabin])
            if size:
                add_booking([inbound, onward], cabin, size, "")


def fill(flight, cabin, seats):
    needs = ["wheelchair", "unaccompanied_minor", "medical", "infant"]
    if cabin == "economy" and seats > 20:
        need = rng.choice(needs)
        size = 1 if need in ("unaccompanied_minor", "medical") else rng.randint(1, 3)
        add_booking([flight], cabin, size, need)
        seats -= size
    while seats > 0:
        size = min(seats, rng.randint(6, 40))
        add_booking([flight], cabin, size, "")
        seats -= size


def add_bookings():
    ey283 = BY_NUMBER["EY283"]
    for onward, size, cabin, need in CONNECTIONS_OF_EY283:
        add_booking([ey283, BY_NUMBER[onward]], cabin, size, need)
    assert sum(size for _, size, _, _ in CONNECTIONS_OF_EY283) == 51
    add_booking([ey283], "economy", 2, "wheelchair")
    add_booking([ey283], "economy", 1, "medical")
    add_booking([ey283], "economy", 3, "infant")
    add_connections()
    for flight in FLIGHTS:
        for cabin, free in list(flight.free.items()):
            seats = dict(zip(("first", "business", "economy"), TYPES[flight.kind][0]))[cabin]
            if flight.number == "EY283":
                target = {"first": 0, "business": 24, "economy": 262}[cabin]
            else:
                target = int(seats * rng.uniform(0.55, 0.9))
            fill(flight, cabin, max(0, target - (seats - free)))
    assert sum(row[4] for row in booking_rows if row[1] == "EY283") == 286


def waybill(serial):
    return f"607-{serial:07}{serial % 7}"


def cargo_rows():
    rows, serial = [], 1204400
    for flight_number, kind, weight, *rest in CARGO:
        serial += rng.randint(3, 90)
        rows.append([waybill(serial), *BY_NUMBER[flight_number].key(), kind, weight, *rest])
    for flight in FLIGHTS:
        if flight.number == "EY283":
            continue
        room = TYPES[flight.kind][1] * 0.7 / 3
        for _ in range(rng.randint(1, 3) if TYPES[flight.kind][3] else rng.randint(0, 1)):
            serial += rng.randint(3, 90)
            kind = rng.choice(["general", "general", "general", "perishables"])
            limits = ("", "", "")
            if kind == "perishables":
                limits = (2, 8, instant(flight.arrival + timedelta(hours=rng.randint(4, 20))))
            weight = int(rng.uniform(0.2, 1) * room)
            rows.append([waybill(serial), *flight.key(), kind, weight, *limits, "", "", "false", ""])
    return rows


def airport_rows():
    used = sorted({f.origin for f in FLIGHTS} | {f.destination for f in FLIGHTS})
    return [[*AIRPORTS[a][:7], *CURFEWS.get(a, ("", "", "")), CONNECTING.get(a, "")] for a in used]


def fleet_rows():
    rows = []
    for line in ROTATIONS.strip().splitlines():
        registration, kind = line.split()[:2]
        seats, cargo, etops, rest, turnaround, _ = TYPES[kind]
        rows.append([registration, kind, "EY", *seats, cargo, etops, rest, turnaround])
    return rows


def flight_rows():
    limits = {"EY31": (instant(BY_NUMBER["EY31"].departure + timedelta(minutes=90)), ""),
              "EY19": ("", instant(BY_NUMBER["EY19"].departure + timedelta(hours=6)))}
    return [[*f.key(), f.origin, f.destination, instant(f.departure), instant(f.arrival), f.aircraft,
             *limits.get(f.number, ("", ""))] for f in FLIGHTS]


def write(folder, name, header, rows):
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data" / "sample"
    folder.mkdir(parents=True, exist_ok=True)
    add_duties()
    add_bookings()
    tables = {
        "airports.csv": (
            "iata icao city country time_zone latitude_deg longitude_deg curfew_begin curfew_end "
            "night_quota_left connecting_minutes_min",
            airport_rows(),
        ),
        "operators.csv": (
            "designator name country duty_regime",
            [["EY", "Etihad Airways", "AE", "easa"]],
        ),
        "fleet.csv": (
            "registration type operator seats_first seats_business seats_economy cargo_kg_max "
            "etops_minutes rest_facility turnaround_minutes_min",
            fleet_rows(),
        ),
        "flights.csv": (
            "number date origin destination scheduled_departure scheduled_arrival registration "
            "slot_latest overflight_until",
            flight_rows(),
        ),
        "crew.csv": (
            "id rank base types duty_7_days duty_14_days duty_28_days flight_28_days "
            "flight_calendar_year flight_12_months previous_duty previous_duty_end",
            crew_rows,
        ),
        "duties.csv": (
            "id kind report_airport report standby_until call_out_minutes acclimatised_to "
            "split_break_minutes planned_extension",
            duty_rows,
        ),
        "duty_flights.csv": (
            "duty flight date",
            duty_flight_rows,
        ),
        "rosters.csv": (
            "duty crew_member",
            roster_rows,
        ),
        "maintenance.csv": (
            "registration reference ata_chapter description mel_category discovered interval_days "
            "conditions bars_etops repair_minutes grounding",
            MAINTENANCE,
        ),
        "bookings.csv": (
            "id flight date cabin passengers special_need onward_flight onward_date final_destination",
            booking_rows,
        ),
        "cargo.csv": (
            "waybill flight date kind weight_kg celsius_min celsius_max good_until un_number "
            "hazard_class cargo_aircraft_only for_registration",
            cargo_rows(),
        ),
    }
    for name, (header, rows) in tables.items():
        write(folder, name, header, rows)


if __name__ == "__main__":
    main()
