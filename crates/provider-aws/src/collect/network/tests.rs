//! Endpoints that lack a parameter.

use aws_sdk_ec2::operation::describe_instances::DescribeInstancesError;
use aws_smithy_types::error::ErrorMetadata;

use super::*;

#[test]
fn a_parameter_that_is_not_known_is_told_from_a_refusal() {
    let refused = |code: &str| {
        let metadata = ErrorMetadata::builder().code(code).build();
        SdkError::service_error(DescribeInstancesError::generic(metadata), ())
    };
    assert!(is_unknown_parameter(&refused("UnknownParameter")));
    assert!(!is_unknown_parameter(&refused("UnauthorizedOperation")));
    assert!(!is_unknown_parameter(&refused("RequestLimitExceeded")));
}
