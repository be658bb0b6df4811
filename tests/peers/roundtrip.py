"""Shows that botocore reads from the fake AWS exactly what its estate says.

    roundtrip.py estate               print an estate that sets every member of every answer
    roundtrip.py compare URL ESTATE   ask the fake for all of it, page by page, and compare

Run by tests/roundtrip.rs, which starts the fake, sets its page size and the failures of FAILING.
"""

import datetime
import functools
import json
import sys

import botocore.config
import botocore.exceptions
import botocore.session
from botocore import xform_name

from shapes import MODELS, OPERATIONS, operations

REGION = "eu-west-1"
CBOR = "smithy-rpc-v2-cbor"
# The protocols of each service, where it has several. The Rust SDK takes the last.
PROTOCOLS = {"cloudwatch": ("json", CBOR), "memorydb": (CBOR, "json")}
# Where an operation asks about one thing: the parameter.
SCOPES = {
    "DescribeCacheParameters": "CacheParameterGroupName",
    "DescribeParameters": "ParameterGroupName",
    "DescribeStaleSecurityGroups": "VpcId",
    "DescribeVpcAttribute": "VpcId",
    "GetManagedPrefixListEntries": "PrefixListId",
    "SearchTransitGatewayRoutes": "TransitGatewayRouteTableId",
}
# What must be said for everything to be shown.
FURTHER = {
    "DescribeCacheClusters": {"ShowCacheNodeInfo": True},
    "DescribeClusters": {"ShowShardDetails": True},
    "DescribeGlobalReplicationGroups": {"ShowMemberInfo": True},
    "DescribeRegions": {"AllRegions": True},
    "DescribeUpdateActions": {"ShowNodeLevelUpdateStatus": True},
    "SearchTransitGatewayRoutes": {"Filters": [{"Name": "type", "Values": ["static"]}]},
}
# Regions in which roundtrip.rs lets every call fail, and the codes that botocore must see.
FAILING = {
    region: dict(zip(("ec2", "elasticache", "memorydb", "cloudwatch"), codes))
    for region, codes in {
        "denied-1": ("UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AccessDenied"),
        "throttled-1": ("RequestLimitExceeded", "Throttling", "ThrottlingException", "Throttling"),
        "expired-1": ("RequestExpired", "ExpiredToken", "ExpiredTokenException", "ExpiredToken"),
    }.items()
}
METRIC = {
    "Namespace": "AWS/ElastiCache",
    "MetricName": "CurrConnections",
    "Dimensions": [{"Name": "CacheClusterId", "Value": "c-001"}],
}
TIMES = ["2026-01-31T07:00:00Z", "2026-01-31T06:00:00Z"]


class Filler:
    """Makes values that differ from each other."""

    def __init__(self):
        self.count = 0

    def value(self, name, shape):
        """A value of a shape, all of its members set."""
        self.count += 1
        kind = shape.type_name
        if kind == "structure":
            return {each: self.value(each, inner) for each, inner in shape.members.items()}
        if kind == "list":
            return [self.value(name, shape.member) for _ in range(2)]
        if kind == "boolean":
            return self.count % 2 == 0
        if kind in ("integer", "long"):
            return self.count
        if kind in ("double", "float"):
            return self.count + 0.5
        if kind == "timestamp":
            return f"2026-01-31T{self.count % 24:02}:{self.count % 60:02}:07Z"
        return f"{name} {self.count} <é&\"'>"


def listed(operation):
    """The member under which an operation lists its items, or holds its one item; None for whole answers."""
    members = operation.output_shape.members
    if operation.name == "DescribeVpcAttribute":
        return None
    return next(name for name, shape in members.items() if shape.type_name in ("list", "structure"))


def estate():
    """Three items for each operation, all of their members set."""
    fill = Filler()
    here = {}
    for service, operation in operations():
        if service in ("sts", "cloudwatch"):
            continue
        member = listed(operation)
        whole = operation.output_shape
        shape = whole.members[member] if member else whole
        kind = shape.member if shape.type_name == "list" else shape
        items = [fill.value(operation.name, kind) for _ in range(3 if shape.type_name == "list" else 1)]
        for item in items:
            if operation.name in SCOPES:
                item["_for"] = "the one"
            if operation.name == "SearchTransitGatewayRoutes":
                item["Type"] = "static"
            if operation.name == "DescribeVpcAttribute":
                item["VpcId"] = "the one"
        here[f"{service}:{operation.name}"] = items
    here["cloudwatch:GetMetricData"] = [METRIC | {"Values": [2, 1.5], "Timestamps": TIMES}]
    return {REGION: here}


@functools.cache
def client(service, url, region=REGION, protocol=None):
    """A client that asks the fake, without retries; in one of the protocols of PROTOCOLS."""
    session = botocore.session.get_session()
    if protocol:
        loader = session.get_component("data_loader")
        load = loader.load_service_model

        def with_protocol(name, type_name, api_version=None):
            model = load(name, type_name, api_version)
            if type_name == "service-2":
                model = model | {"metadata": model["metadata"] | {"protocol": protocol, "protocols": [protocol]}}
            return model

        loader.load_service_model = with_protocol
    config = botocore.config.Config(retries={"total_max_attempts": 1}, parameter_validation=True)
    model = MODELS.get(service, service)
    return session.create_client(model, region_name=region, endpoint_url=url, config=config)


def written(value):
    """What botocore read, as the estate writes it."""
    if isinstance(value, dict):
        return {name: written(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [written(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def bare(item):
    """An item without what is not sent."""
    return {name: value for name, value in item.items() if not name.startswith("_")}


def read(ask, operation, parameters):
    """The items that all pages of an operation hold, and the number of pages."""
    member = listed(operation)
    tokens = ("Marker", "NextToken", "PaginationToken")
    token = next((name for name in tokens if name in operation.output_shape.members), None)
    items, pages = [], 0
    while True:
        answer = ask(**parameters)
        pages += 1
        found = answer[member]
        items += found if isinstance(found, list) else [found]
        # The last answer of GetResources has an empty token, that of all others none.
        if not token or not answer.get(token):
            return written(items), pages
        parameters = parameters | {token: answer[token]}


def attributes(ask):
    """The one item of DescribeVpcAttribute, from its three calls."""
    item = {}
    for attribute in ("enableDnsSupport", "enableDnsHostnames", "enableNetworkAddressUsageMetrics"):
        answer = ask(VpcId="the one", Attribute=attribute)
        answer.pop("ResponseMetadata")
        assert len(answer) == 2, answer
        item |= answer
    return [item], 3


def compare_all(url, expected):
    """Every operation, in every protocol of its service."""
    for service, operation in operations():
        if service in ("sts", "cloudwatch"):
            continue
        for protocol in PROTOCOLS.get(service, (None,)):
            ask = getattr(client(service, url, protocol=protocol), xform_name(operation.name))
            parameters = dict(FURTHER.get(operation.name, {}))
            if operation.name in SCOPES:
                parameters[SCOPES[operation.name]] = "the one"
            once = operation.name == "DescribeVpcAttribute"
            found, pages = attributes(ask) if once else read(ask, operation, parameters)
            wanted = [bare(item) for item in expected[REGION][f"{service}:{operation.name}"]]
            assert found == wanted, f"{service}:{operation.name}\n{found}\n{wanted}"
            print(f"{service}:{operation.name}: {len(found)} equal in {pages} answers")


def compare_metrics(url, protocol):
    """Series that exist and one that does not, over two pages."""
    cloudwatch = client("cloudwatch", url, protocol=protocol)
    absent = METRIC | {"MetricName": "Nothing"}
    queries = [
        {"Id": name, "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Maximum"}}
        for name, metric in (("a", METRIC), ("b", absent), ("c", METRIC))
    ]
    bounds = {"StartTime": "2026-01-31T00:00:00Z", "EndTime": "2026-01-31T08:00:00Z"}
    found, parameters = [], {"MetricDataQueries": queries} | bounds
    while True:
        answer = cloudwatch.get_metric_data(**parameters)
        found += written(answer["MetricDataResults"])
        if "NextToken" not in answer:
            break
        parameters["NextToken"] = answer["NextToken"]
    points = {"a": (TIMES, [2.0, 1.5]), "b": ([], []), "c": (TIMES, [2.0, 1.5])}
    assert {each["Id"]: (each["Timestamps"], each["Values"]) for each in found} == points, found
    assert [each["StatusCode"] for each in found] == ["Complete"] * 3
    print("cloudwatch:GetMetricData: equal")


def compare_identity(url):
    """Who the keys of the environment are, and who a role makes of them."""
    sts = client("sts", url)
    assert sts.get_caller_identity()["Account"] == "123456789012"
    role = sts.assume_role(RoleArn="arn:aws:iam::222222222222:role/audit", RoleSessionName="test")
    keys = role["Credentials"]
    assert keys["Expiration"] > datetime.datetime.now(datetime.timezone.utc)
    other = botocore.session.get_session().create_client(
        "sts", region_name=REGION, endpoint_url=url, aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"],
    )
    assert other.get_caller_identity()["Account"] == "222222222222"
    print("sts: equal")


def compare_failures(url):
    """The codes of errors, in every protocol."""
    calls = {
        "ec2": ("describe_vpcs", {}),
        "elasticache": ("describe_users", {}),
        "memorydb": ("describe_users", {}),
        "cloudwatch": ("get_metric_data", {"MetricDataQueries": [], "StartTime": 0, "EndTime": 1}),
    }
    each = [(service, protocol) for service in calls for protocol in PROTOCOLS.get(service, (None,))]
    for region, codes in FAILING.items():
        for service, protocol in each:
            name, parameters = calls[service]
            try:
                getattr(client(service, url, region, protocol), name)(**parameters)
            except botocore.exceptions.ClientError as error:
                assert error.response["Error"]["Code"] == codes[service], (service, protocol, region, error)
                assert error.response["Error"]["Message"], (service, protocol, region, error)
            else:
                raise AssertionError(f"{service} in {region} did not fail")
    print("failures: equal")


if __name__ == "__main__":
    if sys.argv[1] == "estate":
        json.dump(estate(), sys.stdout)
    else:
        with open(sys.argv[3], encoding="utf-8") as file:
            compare_all(sys.argv[2], json.load(file))
        for each in PROTOCOLS["cloudwatch"]:
            compare_metrics(sys.argv[2], each)
        compare_identity(sys.argv[2])
        compare_failures(sys.argv[2])
        print(f"{sum(len(names.split()) for names in OPERATIONS.values())} operations")
