"""Set-ups of AWS credentials, right and wrong, for whoever is to find the same in them as botocore."""

import dataclasses
import hashlib

from .fake_aws import iso
from .planted_secrets import plant


def keys(name):
    return f"aws_access_key_id = AKIA{name}\naws_secret_access_key = {name}-secret\n"


# The long-lived keys that STS knows.
KNOWN_KEYS = {f"AKIA{name}": plant(f"{name}-secret") for name in ("ENV", "BASE", "OTHER", "CONFIG", "PROCESS")}
ENV = {"AWS_ACCESS_KEY_ID": "AKIAENV", "AWS_SECRET_ACCESS_KEY": "ENV-secret"}
ROLE = "role_arn = arn:aws:iam::123456789012:role/"
CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container/role"}
INSTANCE = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}/", "AWS_EC2_METADATA_DISABLED": "false"}
WEB_IDENTITY = {
    "AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/pod",
}
WEB_IDENTITY_PROFILE = ROLE + "web\nweb_identity_token_file = {home}/token\n"
SSO_ROLE = "sso_account_id = 123456789012\nsso_role_name = Ops\n"
START = "https://example.awsapps.com/start"
SSO_LEGACY = SSO_ROLE + f"sso_start_url = {START}\nsso_region = eu-west-1\n"
SSO_PROFILE = "[default]\n" + SSO_ROLE + "sso_session = corp\n"
SSO_SESSION = f"[sso-session corp]\nsso_start_url = {START}\nsso_region = eu-west-1\n"


def process(text):
    """A command that prints it."""
    return "credential_process = printf '%s' '" + text + "'\n"


def printed(name="PROCESS", more=""):
    return f'{{"Version": 1, "AccessKeyId": "AKIA{name}", "SecretAccessKey": "s"{more}}}'


def sso_token(name, token, seconds, **more):
    digest = hashlib.sha1(name.encode()).hexdigest()
    members = {"startUrl": START, "region": "eu-west-1", "accessToken": token, "expiresAt": iso(seconds)}
    return {f".aws/sso/cache/{digest}.json": {**members, **more}}


RENEWABLE = {
    "refreshToken": plant("refresh-good"),
    "clientId": "client",
    "clientSecret": plant("client-secret"),
    "registrationExpiresAt": iso(86400),
}


@dataclasses.dataclass
class Setup:
    """`{url}` and `{home}` stand for themselves in all texts. `found`: whether there is anything to find."""

    environment: dict = dataclasses.field(default_factory=dict)
    credentials: str = ""
    config: str = ""
    files: dict = dataclasses.field(default_factory=dict)
    profile: str = ""
    found: bool = True
    container_token: str = None
    role_name: str = "instance-role"


TOKEN_FILE = {"token": plant("web-identity-token")}

SETUPS = {
    "nothing": Setup(found=False),
    # One source each.
    "environment": Setup(ENV),
    "environment_with_token": Setup({**ENV, "AWS_SESSION_TOKEN": "t"}),
    "environment_until_later": Setup({**ENV, "AWS_CREDENTIAL_EXPIRATION": iso(3600)}),
    "environment_half": Setup({"AWS_ACCESS_KEY_ID": "AKIAENV"}, found=False),
    "environment_expired": Setup({**ENV, "AWS_CREDENTIAL_EXPIRATION": iso(-60)}, found=False),
    "credentials_file": Setup(credentials="[default]\n" + keys("BASE")),
    "config_file": Setup(config="[default]\n" + keys("CONFIG")),
    "profile_of_variable": Setup({"AWS_PROFILE": "ops"}, "[ops]\n" + keys("BASE")),
    "profile_of_caller": Setup(credentials="[ops]\n" + keys("BASE"), profile="ops"),
    "profile_absent": Setup(credentials="[ops]\n" + keys("BASE"), profile="day", found=False),
    "profile_of_variable_absent": Setup({"AWS_PROFILE": "day"}, found=False),
    "file_broken": Setup(config="[default\n", found=False),
    "process": Setup(config="[default]\n" + process(printed())),
    "process_with_token": Setup(
        config="[default]\n"
        + process(printed(more=f', "SessionToken": "t", "Expiration": "{iso(3600)}"'))
    ),
    "process_with_offset": Setup(
        config="[default]\n" + process(printed(more=f', "Expiration": "{iso(3600)[:-1]}+00:00"'))
    ),
    "process_expired": Setup(
        config="[default]\n" + process(printed(more=f', "Expiration": "{iso(-60)}"')), found=False
    ),
    "process_quoted": Setup(
        config='[default]\ncredential_process = "{home}/my helper" a\\ b "c \\" d" \'$HOME\'\n',
        files={
            "my helper": '#!/bin/sh\n[ "$1:$2:$3:$#" = \'a b:c " d:$HOME:3\' ] || exit 1\n'
            f"echo '{printed()}'\n"
        },
    ),
    "process_fails": Setup(config="[default]\ncredential_process = false\n", found=False),
    "process_absent": Setup(config="[default]\ncredential_process = /no/such/program\n", found=False),
    "process_of_version_2": Setup(
        config="[default]\n" + process(printed().replace("1", "2", 1)), found=False
    ),
    "process_prints_nonsense": Setup(config="[default]\ncredential_process = echo hi\n", found=False),
    "process_without_secret": Setup(
        config="[default]\n" + process('{"Version": 1, "AccessKeyId": "AKIA"}'), found=False
    ),
    "web_identity": Setup(WEB_IDENTITY, files=TOKEN_FILE),
    "web_identity_named": Setup({**WEB_IDENTITY, "AWS_ROLE_SESSION_NAME": "pod-7"}, files=TOKEN_FILE),
    "web_identity_profile": Setup(
        config="[default]\n" + WEB_IDENTITY_PROFILE + "role_session_name = s-1\n", files=TOKEN_FILE
    ),
    "web_identity_without_role": Setup(
        {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token"}, files=TOKEN_FILE, found=False
    ),
    "web_identity_without_file": Setup(WEB_IDENTITY, found=False),
    "web_identity_denied": Setup(
        {**WEB_IDENTITY, "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/denied"},
        files=TOKEN_FILE,
        found=False,
    ),
    "sso": Setup(config="[default]\n" + SSO_LEGACY, files=sso_token(START, "good", 7200)),
    "sso_session": Setup(config=SSO_PROFILE + SSO_SESSION, files=sso_token("corp", "good", 7200)),
    "sso_session_renewed": Setup(
        config=SSO_PROFILE + SSO_SESSION, files=sso_token("corp", "bad", 60, **RENEWABLE)
    ),
    "sso_session_expired_and_renewed": Setup(
        config=SSO_PROFILE + SSO_SESSION, files=sso_token("corp", "bad", -60, **RENEWABLE)
    ),
    "sso_session_cannot_be_renewed": Setup(
        config=SSO_PROFILE + SSO_SESSION,
        files=sso_token("corp", "good", -60, **{**RENEWABLE, "refreshToken": "refresh-bad"}),
        found=False,
    ),
    "sso_session_lives_though_it_cannot_be_renewed": Setup(
        config=SSO_PROFILE + SSO_SESSION,
        files=sso_token("corp", "good", 300, **{**RENEWABLE, "refreshToken": "refresh-bad"}),
    ),
    "sso_session_expired": Setup(
        config=SSO_PROFILE + SSO_SESSION, files=sso_token("corp", "good", -60), found=False
    ),
    "sso_without_token": Setup(config="[default]\n" + SSO_LEGACY, found=False),
    "sso_refused": Setup(
        config="[default]\n" + SSO_LEGACY, files=sso_token(START, "bad", 7200), found=False
    ),
    "sso_session_absent": Setup(config=SSO_PROFILE, files=sso_token("corp", "good", 7200), found=False),
    "sso_session_of_another_url": Setup(
        config=SSO_PROFILE + "sso_start_url = https://other\n" + SSO_SESSION,
        files=sso_token("corp", "good", 7200),
        found=False,
    ),
    "sso_without_role": Setup(
        config="[default]\n" + SSO_LEGACY.replace("sso_role_name = Ops\n", ""), found=False
    ),
    "container": Setup(CONTAINER),
    "container_with_token": Setup(
        {**CONTAINER, "AWS_CONTAINER_AUTHORIZATION_TOKEN": plant("Basic abc")}, container_token="Basic abc"
    ),
    "container_refuses": Setup(CONTAINER, container_token="Basic abc", found=False),
    "container_elsewhere": Setup(
        {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"}, found=False
    ),
    "instance": Setup(INSTANCE),
    "instance_disabled": Setup({**INSTANCE, "AWS_EC2_METADATA_DISABLED": "true"}, found=False),
    "instance_without_role": Setup(INSTANCE, role_name="", found=False),
    # Roles.
    "role": Setup(
        credentials="[base]\n" + keys("BASE"), config="[default]\n" + ROLE + "a\nsource_profile = base\n"
    ),
    "role_with_all": Setup(
        credentials="[base]\n" + keys("BASE"),
        config="[default]\n"
        + ROLE
        + "a\nsource_profile = base\nexternal_id = x+/=y\nrole_session_name = night\nduration_seconds = 1800\n",
    ),
    "role_of_own_keys": Setup(
        credentials="[default]\n" + keys("BASE") + ROLE + "a\nsource_profile = default\n"
    ),
    "role_chain": Setup(
        credentials="[base]\n" + keys("BASE"),
        config="[profile top]\n" + ROLE + "a\nsource_profile = middle\n"
        "[profile middle]\n" + ROLE + "b\nsource_profile = base\n",
        profile="top",
    ),
    "role_circle": Setup(
        config="[default]\n" + ROLE + "a\nsource_profile = b\n[profile b]\n" + ROLE + "b\n"
        "source_profile = default\n",
        found=False,
    ),
    "role_of_itself": Setup(config="[default]\n" + ROLE + "a\nsource_profile = default\n", found=False),
    "role_of_nobody": Setup(config="[default]\n" + ROLE + "a\nsource_profile = gone\n", found=False),
    "role_of_an_empty_profile": Setup(
        config="[default]\n" + ROLE + "a\nsource_profile = b\n[profile b]\nregion = eu-west-1\n", found=False
    ),
    "role_without_source": Setup(config="[default]\n" + ROLE + "a\n", found=False),
    "role_with_two_sources": Setup(
        credentials="[base]\n" + keys("BASE"),
        config="[default]\n" + ROLE + "a\nsource_profile = base\ncredential_source = Environment\n",
        found=False,
    ),
    "role_denied": Setup(
        credentials="[base]\n" + keys("BASE"),
        config="[default]\n" + ROLE + "denied\nsource_profile = base\n",
        found=False,
    ),
    "role_with_a_wrong_secret": Setup(
        credentials="[base]\n" + keys("BASE").replace("BASE-secret", "wrong"),
        config="[default]\n" + ROLE + "a\nsource_profile = base\n",
        found=False,
    ),
    "role_of_environment": Setup(
        ENV,
        config="[profile top]\n" + ROLE + "a\ncredential_source = Environment\n",
        profile="top",
    ),
    "role_of_empty_environment": Setup(
        config="[default]\n" + ROLE + "a\ncredential_source = Environment\n", found=False
    ),
    "role_of_container": Setup(
        CONTAINER, config="[default]\n" + ROLE + "a\ncredential_source = EcsContainer\n"
    ),
    "role_of_instance": Setup(
        INSTANCE, config="[default]\n" + ROLE + "a\ncredential_source = Ec2InstanceMetadata\n"
    ),
    "role_of_unknown_source": Setup(
        config="[default]\n" + ROLE + "a\ncredential_source = Somewhere\n", found=False
    ),
    "role_of_process": Setup(
        config="[default]\n" + ROLE + "a\nsource_profile = p\n[profile p]\n"
        + process(printed().replace('"s"', '"PROCESS-secret"'))
    ),
    "role_of_web_identity": Setup(
        config="[default]\n" + ROLE + "a\nsource_profile = w\n[profile w]\n" + WEB_IDENTITY_PROFILE,
        files=TOKEN_FILE,
    ),
    "role_of_sso": Setup(
        config="[default]\n" + ROLE + "a\nsource_profile = s\n[profile s]\n" + SSO_LEGACY,
        files=sso_token(START, "good", 7200),
    ),
    # What goes before what.
    "environment_before_all": Setup(
        {**ENV, **CONTAINER, **INSTANCE, **WEB_IDENTITY},
        "[default]\n" + keys("BASE") + ROLE + "a\nsource_profile = default\n",
        files=TOKEN_FILE,
    ),
    "environment_before_profile_of_variable": Setup({**ENV, "AWS_PROFILE": "ops"}, "[ops]\n" + keys("BASE")),
    "profile_of_caller_before_environment": Setup(
        {**ENV, **WEB_IDENTITY}, "[ops]\n" + keys("BASE"), files=TOKEN_FILE, profile="ops"
    ),
    "role_before_web_identity": Setup(
        WEB_IDENTITY,
        "[base]\n" + keys("BASE"),
        "[default]\n" + ROLE + "a\nsource_profile = base\n",
        files=TOKEN_FILE,
    ),
    "web_identity_before_keys": Setup(WEB_IDENTITY, "[default]\n" + keys("BASE"), files=TOKEN_FILE),
    "web_identity_variables_before_profile": Setup(
        {**WEB_IDENTITY, "AWS_PROFILE": "w"},
        config="[profile w]\n" + ROLE + "web\nweb_identity_token_file = {home}/other\n",
        files={**TOKEN_FILE, "other": plant("another-token")},
    ),
    "web_identity_before_sso": Setup(
        config="[default]\n" + SSO_LEGACY + WEB_IDENTITY_PROFILE,
        files={**TOKEN_FILE, **sso_token(START, "good", 7200)},
    ),
    "sso_before_keys": Setup(
        credentials="[default]\n" + keys("BASE"),
        config="[default]\n" + SSO_LEGACY,
        files=sso_token(START, "good", 7200),
    ),
    "credentials_file_before_process": Setup(
        credentials="[default]\n" + keys("BASE"), config="[default]\n" + process(printed())
    ),
    "credentials_file_before_config_file": Setup(
        credentials="[default]\n" + keys("BASE"), config="[default]\n" + keys("CONFIG")
    ),
    "process_before_config_file": Setup(config="[default]\n" + process(printed()) + keys("CONFIG")),
    "config_file_before_container": Setup({**CONTAINER, **INSTANCE}, config="[default]\n" + keys("CONFIG")),
    "container_before_instance": Setup({**CONTAINER, **INSTANCE}),
    "what_fails_is_not_passed_over": Setup(
        {**CONTAINER, **INSTANCE}, config="[default]\ncredential_process = false\n", found=False
    ),
}
