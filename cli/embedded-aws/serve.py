"""Starts MiniStack 1.4.21 with the places corrected where it differs from AWS in a way that would make us wrong.

Each correction makes the emulator stricter or more complete, never more lenient; corrections.test.ts shows them. They reach into private functions, which is safe only because the version is
pinned by hash; a name that is gone stops the start instead of silently correcting nothing.
"""

import asyncio
import functools
import threading
import time

from ministack import app
from ministack.core.responses import request_scope
from ministack.services import eventbridge, iam, lambda_svc, sns, stepfunctions, sts
from ministack.services.cloudformation import provisioners

ALL_MANAGEMENT_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"


def correct_read_only_events() -> None:
    """MiniStack never fires a rule in the all-management-events state, and fires plain ENABLED rules for read-only
    calls too. AWS does the opposite of both: without that state, List, Get and Describe calls never reach a rule.
    Source: "AWS service events delivered via AWS CloudTrail", EventBridge user guide.
    """
    dispatch, invoke = eventbridge._dispatch_event, eventbridge._invoke_target
    matches = eventbridge._matches_pattern_view

    @functools.wraps(dispatch)
    def dispatch_event(event, view=None):
        view = view or eventbridge._pattern_event_view(event)
        dispatch(event, view)
        for key, rule in eventbridge._rules.items():
            if rule.get("State") != ALL_MANAGEMENT_EVENTS or not rule.get("EventPattern"):
                continue
            if rule.get("EventBusName", "default") != event.get("EventBusName", "default"):
                continue
            if matches(rule["EventPattern"], view, f"rule {key}"):
                for target in eventbridge._targets.get(key, []):
                    invoke(target, event, rule, view)

    @functools.wraps(invoke)
    def invoke_target(target, event, rule, view=None):
        view = view or eventbridge._pattern_event_view(event)
        if rule.get("State") == "ENABLED" and is_read_only(view.event_with_detail()):
            return
        invoke(target, event, rule, view)

    eventbridge._dispatch_event, eventbridge._invoke_target = dispatch_event, invoke_target


def is_read_only(event: dict) -> bool:
    detail = event.get("detail")
    if event.get("detail-type") != "AWS API Call via CloudTrail" or not isinstance(detail, dict):
        return False
    name = detail.get("eventName")
    # AWS names these two as exceptions: they hand out credentials.
    if not isinstance(name, str) or name in ("GetFederationToken", "GetSessionToken"):
        return False
    return name.startswith(("List", "Get", "Describe"))


def correct_subscriptions_of_templates() -> None:
    """An http(s) subscription made by CloudFormation never gets its confirmation message, so it stays silent for ever."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::SNS::Subscription"]
    create = handlers["create"]

    @functools.wraps(create)
    def create_and_ask(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        topic_arn = props.get("TopicArn", "")
        for subscription in sns._topics.get(topic_arn, {}).get("subscriptions", []):
            if subscription["arn"] == arn and not subscription["confirmed"]:
                subscription["token"] = sns.new_uuid()
                ask = functools.partial(sns._send_subscription_confirmation, topic_arn, subscription)
                threading.Thread(target=lambda: asyncio.run(ask()), daemon=True).start()
        return arn, attributes

    handlers["create"] = create_and_ask


def correct_policies_of_templates() -> None:
    """The document of a managed policy made by CloudFormation cannot be read: its versions are kept in another shape."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::IAM::ManagedPolicy"]
    create = handlers["create"]

    @functools.wraps(create)
    def create_with_versions(logical_id, props, stack_name):
        arn, attributes = create(logical_id, props, stack_name)
        policy = iam._policies[arn]
        policy["Versions"] = {
            version["VersionId"]: {**version, "CreateDate": policy["CreateDate"]}
            for version in policy.pop("PolicyVersions")
        }
        return arn, attributes

    handlers["create"] = create_with_versions


def correct_roles_of_templates() -> None:
    """One role made by CloudFormation breaks every read of the whole account (GetAccountAuthorizationDetails), and with
    it the question whether somebody is the last administrator: what is attached to it, and the versions of an
    AWS::IAM::Policy, are kept in another shape than the API's. The latter stays a managed policy here; on AWS it is inline.
    """

    def correct(kind, after):
        handlers = provisioners._RESOURCE_HANDLERS[kind]
        create = handlers["create"]

        @functools.wraps(create)
        def create_and_correct(logical_id, props, stack_name):
            physical_id, attributes = create(logical_id, props, stack_name)
            after(physical_id, props)
            return physical_id, attributes

        handlers["create"] = create_and_correct

    def by_arn(role_name):
        role = iam._roles.get(role_name)
        if role is not None:
            role["AttachedPolicies"] = [
                policy["PolicyArn"] if isinstance(policy, dict) else policy for policy in role["AttachedPolicies"]
            ]

    def by_version(arn, props):
        policy = iam._policies[arn]
        policy["Versions"] = {version["VersionId"]: version for version in policy["Versions"]}
        for role_name in props.get("Roles", []):
            by_arn(role_name)

    correct("AWS::IAM::Role", lambda name, props: by_arn(name))
    correct("AWS::IAM::Policy", by_version)


def correct_function_url_callers() -> None:
    """A function behind an IAM-signed URL is not told who called. AWS puts the caller into the request context, and
    who may approve or release depends on it. A key that is nobody's leaves it out, so the function must refuse.
    Source: "Invoking Lambda function URLs", request payload format, Lambda developer guide.
    """
    build = lambda_svc._build_function_url_event

    @functools.wraps(build)
    def build_with_caller(url_id, account_id, region, method, path, headers, body, query_params):
        event = build(url_id, account_id, region, method, path, headers, body, query_params)
        resolved = lambda_svc.resolve_function_url(url_id)
        if resolved is not None and resolved[4].get("AuthType") == "AWS_IAM":
            with request_scope(account_id, region):
                caller = caller_of(headers.get("authorization", ""), account_id)
            if caller is not None:
                event["requestContext"]["authorizer"] = {"iam": caller}
        return event

    lambda_svc._build_function_url_event = build_with_caller


def caller_of(authorization: str, account_id: str):
    access_key = authorization.partition("Credential=")[2].partition("/")[0]
    if access_key == account_id:  # MiniStack's way of saying: the operator of this account
        arn, user_id = f"arn:aws:iam::{account_id}:root", account_id
    elif access_key in sts._sessions and "Arn" in sts._sessions[access_key]:
        arn, user_id = sts._sessions[access_key]["Arn"], sts._sessions[access_key]["UserId"]
    elif access_key in iam._access_keys and iam._access_keys[access_key].get("Status") == "Active":
        user = iam._users[iam._access_keys[access_key]["UserName"]]
        arn, user_id = user["Arn"], user["UserId"]
    else:
        return None
    return {
        "accessKey": access_key,
        "accountId": account_id,
        "callerId": user_id,
        "cognitoIdentity": None,
        "principalOrgId": None,
        "userArn": arn,
        "userId": user_id,
    }


def correct_polling() -> None:
    """Streams and queues are looked at once a second, or every five while idle; AWS polls a stream four times a second.
    Source: "Using AWS Lambda with Amazon DynamoDB", Lambda developer guide.
    """
    sources = (lambda_svc._poll_sqs, lambda_svc._poll_kinesis, lambda_svc._poll_dynamodb_streams)

    def poll():
        while True:
            processed = False
            for source in sources:
                try:
                    processed = source() or processed
                except Exception:
                    lambda_svc.logger.exception("Polling an event source failed")
            if not processed:
                time.sleep(0.25)

    _ = lambda_svc._poll_loop  # must exist, or replacing it would correct nothing
    lambda_svc._poll_loop = poll


def correct_start_pause() -> None:
    """Every execution sleeps 150 ms before its first state, whatever the machine. That is no model of AWS, which
    promises no such delay, and it would hide in every measurement what our own functions cost.
    """
    pause, sleep = 0.15, stepfunctions.time.sleep

    class TimeWithoutThePause:
        def __getattr__(self, name):
            return getattr(time, name)

        def sleep(self, seconds):
            if seconds != pause:
                sleep(seconds)

    stepfunctions.time = TimeWithoutThePause()


if __name__ == "__main__":
    correct_read_only_events()
    correct_subscriptions_of_templates()
    correct_policies_of_templates()
    correct_roles_of_templates()
    correct_function_url_callers()
    correct_polling()
    correct_start_pause()
    app.main()
