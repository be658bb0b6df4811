"""Writes src/shapes.txt: how AWS spells the answers of every operation that the fake serves.

The authority is botocore's service models (the versions are pinned in tests/requirements.txt).
The Rust package reads only the text written here, never botocore.

    shapes.py            print the text
    shapes.py --check F  exit 1 if the file F differs from it
"""

import sys
import textwrap

import botocore.session

OPERATIONS = {
    "cloudwatch": "GetMetricData",
    "ec2": """
        DescribeDhcpOptions DescribeInstances DescribeInternetGateways DescribeManagedPrefixLists
        DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces DescribeRegions DescribeRouteTables
        DescribeSecurityGroupRules DescribeSecurityGroups DescribeStaleSecurityGroups DescribeSubnets
        DescribeTransitGatewayAttachments DescribeTransitGatewayRouteTables DescribeTransitGatewayVpcAttachments
        DescribeTransitGateways DescribeVpcAttribute DescribeVpcBlockPublicAccessOptions DescribeVpcEndpoints
        DescribeVpcPeeringConnections DescribeVpcs GetManagedPrefixListEntries SearchTransitGatewayRoutes""",
    "elasticache": """
        DescribeCacheClusters DescribeCacheParameterGroups DescribeCacheParameters DescribeCacheSubnetGroups
        DescribeGlobalReplicationGroups DescribeReplicationGroups DescribeServerlessCaches DescribeServiceUpdates
        DescribeUpdateActions DescribeUserGroups DescribeUsers""",
    "memorydb": """
        DescribeACLs DescribeClusters DescribeParameterGroups DescribeParameters DescribeServiceUpdates
        DescribeSubnetGroups DescribeUsers""",
    "sts": "AssumeRole GetCallerIdentity",
    "tag": "GetResources",
}

# The model's name, where it is not that of IAM actions.
MODELS = {"tag": "resourcegroupstaggingapi"}

HEADER = """\
# Members of AWS answers and their names on the wire. Written by ../shapes.py; do not edit.
#
# A line at the margin names a service and a shape (the answer of an operation is named after it); below it
# stand the members: Name, =wire name where it is not the service's usual one (ec2: first letter lower case;
# else unchanged), and :kind where it is not text: b flag, i whole number, d real number, t time, Shape,
# or [kind] for a list, with @element where its elements are not called item (ec2) or member (else).
"""

SCALARS = {"string": "", "boolean": "b", "integer": "i", "long": "i", "double": "d", "float": "d", "timestamp": "t"}


def operations():
    """Yields (service, operation model) of everything that the fake serves."""
    session = botocore.session.get_session()
    for service, names in OPERATIONS.items():
        model = session.get_service_model(MODELS.get(service, service))
        for name in names.split():
            yield service, model.operation_model(name)


def kind(service, shape):
    """The notation of one member's kind."""
    if shape.type_name == "structure":
        return shape.name
    if shape.type_name == "list":
        element = shape.member.serialization.get("name", "member")
        usual = "item" if service == "ec2" else "member"
        return "[" + kind(service, shape.member) + ("" if element == usual else "@" + element) + "]"
    return SCALARS[shape.type_name]


def member(service, name, shape):
    """One member in the notation of the text."""
    wire = shape.serialization.get("name", name)
    usual = name[0].lower() + name[1:] if service == "ec2" else name
    what = kind(service, shape)
    return name + ("" if wire == usual else "=" + wire) + (":" + what if what else "")


def collect(service, name, shape, found):
    """Adds a structure and all that it refers to."""
    if (service, name) in found:
        return
    found[service, name] = [member(service, each, found_shape) for each, found_shape in shape.members.items()]
    for inner in shape.members.values():
        while inner.type_name == "list":
            inner = inner.member
        if inner.type_name == "structure":
            collect(service, inner.name, inner, found)


def text():
    """The whole text."""
    found = {}
    for service, operation in operations():
        collect(service, operation.name, operation.output_shape, found)
    lines = []
    for (service, name), members in sorted(found.items()):
        lines.append(f"{service} {name}")
        lines += textwrap.wrap(
            " ".join(sorted(members)), 116, initial_indent="  ", subsequent_indent="  ",
            break_long_words=False, break_on_hyphens=False,
        )
    return HEADER + "\n".join(lines) + "\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        with open(sys.argv[2], encoding="utf-8") as file:
            if file.read() != text():
                sys.exit(f"{sys.argv[2]} is not what botocore says: write it again with tests/peers/shapes.py")
    else:
        sys.stdout.write(text())
