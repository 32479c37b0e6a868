"""An agent in AgentCore's container contract, on Debian's Starlette and uvicorn: /ping, /invocations and /ws.

As a program: prints "listening on PORT" and ends when its standard input does. It shows nothing of ours: what an
agent answers is up to it, and this one answers in each way that the contract has.
Contract: docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-http-protocol-contract.html
"""

import asyncio
import json
import socket
import sys
import threading
import time

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute

SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


class Work:
    """What /ping tells of it."""

    running = 0
    last = time.time()


async def ping(_request):
    status = "HealthyBusy" if Work.running else "Healthy"
    return JSONResponse({"status": status, "time_of_last_update": int(Work.last)})


def assessment_of(payload, session):
    return {"assessment": {"payload": payload, "session_of_header": session}, "final_decision": "conditional"}


async def invocations(request):
    payload = await request.json()
    session = request.headers.get(SESSION)
    if "fail" in payload["prompt"]:
        return JSONResponse({"error": "the agent has a bug"}, status_code=500)
    if "stream" not in payload["prompt"]:
        return JSONResponse(assessment_of(payload, session))

    async def events():
        Work.running += 1
        try:
            for agent in ("maintenance", "network"):
                chunk = {"agent": agent, "status": "approved", "partial_result": {"confidence": 0.5}}
                yield f"data: {json.dumps(chunk)}\n\n"
                await asyncio.sleep(0)
            yield f"data: {json.dumps(assessment_of(payload, session))}\n\n"
        finally:
            Work.running -= 1
            Work.last = time.time()

    return StreamingResponse(events(), media_type="text/event-stream")


async def websocket(socket_):
    await socket_.accept()
    message = await socket_.receive_json()
    chunk = {"agent": "cargo", "status": "approved", "partial_result": {}}
    await socket_.send_json({"type": "chunk", "data": chunk})
    await socket_.send_json(
        {"type": "complete", "data": assessment_of(message["payload"], socket_.headers.get(SESSION))}
    )
    await socket_.close()


def main():
    app = Starlette(
        routes=[
            Route("/ping", ping),
            Route("/invocations", invocations, methods=["POST"]),
            WebSocketRoute("/ws", websocket),
        ]
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets"))

    def end_with_input():
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=end_with_input, daemon=True).start()
    print(f"listening on {listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])


if __name__ == "__main__":
    main()
