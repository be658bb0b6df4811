//! A client's certificate as proof of who asks: a statement that its private
//! key signs. The SDK's own way links OpenSSL; this one is a few lines over
//! the cryptography that TLS brings along.
//!
//! Source: Microsoft identity platform, "Application authentication
//! certificate credentials", assertion format.

use std::fmt;

use async_trait::async_trait;
use azure_core::Uuid;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::ClientMethodOptions;
use azure_core::time::OffsetDateTime;
use azure_identity::ClientAssertion;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

use crate::error::AzureError;

/// The variable that names the file.
const PLACE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";

/// For how long a statement is valid, in seconds.
const LIFE: i64 = 600;

/// A certificate and its private key.
pub(super) struct Certificate {
    key: RsaKeyPair,
    thumbprint: String,
    client: String,
    audience: String,
}

impl Certificate {
    /// Reads a file in PEM form that holds the certificate and its RSA key,
    /// without a password.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or lacks one of them.
    pub(super) fn read(path: &str, client: &str, audience: &str) -> Result<Self, AzureError> {
        let unusable = |why: &str| AzureError::Credentials {
            place: PLACE,
            why: why.to_owned(),
        };
        let text = std::fs::read(path).map_err(|error| unusable(&error.to_string()))?;
        let certificate = CertificateDer::from_pem_slice(&text)
            .map_err(|_| unusable("the file holds no certificate in pem form"))?;
        let key = PrivateKeyDer::from_pem_slice(&text)
            .map_err(|_| unusable("the file holds no private key in pem form"))?;
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(unusable("the private key is not an rsa key")),
        };
        Ok(Self {
            key: key.map_err(|_| unusable("the private key is not a usable rsa key"))?,
            thumbprint: base64url(digest(&SHA256, &certificate).as_ref()),
            client: client.to_owned(),
            audience: audience.to_owned(),
        })
    }

    fn statement(&self, now: i64) -> Option<String> {
        let header = json!({"alg": "PS256", "typ": "JWT", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": self.audience, "iss": self.client, "sub": self.client,
            "jti": Uuid::new_v4().to_string(), "nbf": now, "iat": now, "exp": now + LIFE,
        });
        let part = |it: &serde_json::Value| base64url(it.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        let random = SystemRandom::new();
        self.key
            .sign(&RSA_PSS_SHA256, &random, signed.as_bytes(), &mut signature)
            .ok()?;
        Some(format!("{signed}.{}", base64url(&signature)))
    }
}

/// Base64 with the letters of addresses and without padding (RFC 4648, 5).
fn base64url(bytes: &[u8]) -> String {
    let text = azure_core::base64::encode_url_safe(bytes);
    text.trim_end_matches('=').to_owned()
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(***)")
    }
}

#[async_trait]
impl ClientAssertion for Certificate {
    async fn secret(&self, _: Option<ClientMethodOptions<'_>>) -> azure_core::Result<String> {
        self.statement(OffsetDateTime::now_utc().unix_timestamp())
            .ok_or_else(|| Error::with_message(ErrorKind::Credential, "the key does not sign"))
    }
}
