//! The policies that come with the program: the files of `policies/`,
//! embedded by the build script.

include!(concat!(env!("OUT_DIR"), "/policies.rs"));
