//! A `moto_server` as a child process, for tests whose EC2 side is to behave rather than to be written down.
//!
//! `tests/run` installs it and names it in `CACHEWARDEN_MOTO`. Tests that need it are marked
//! `#[ignore = "needs moto: run tests/run"]`.

mod ec2;
mod rules;

use std::env::VarError;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub use ec2::Ec2;
pub use rules::{Direction, Peer};

use crate::http;

/// The variable that names the program.
const VARIABLE: &str = "CACHEWARDEN_MOTO";

/// How long the server may take until it answers.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server ($0) on a port ($1); ends with it, and ends it when its own input closes.
const KEEPER: &str = r#"
exec 3<&0
"$0" -H 127.0.0.1 -p "$1" 3<&- </dev/null &
server=$!
(cat <&3; kill "$server") &
wait "$server"
"#;

/// Why there is no moto.
#[derive(Debug, thiserror::Error)]
pub enum MotoError {
    /// The variable is not set.
    #[error("`{VARIABLE}` is not set: run tests/run, which installs moto and sets it")]
    NotInstalled(#[source] VarError),
    /// The program does not start.
    #[error("`{program}` does not start")]
    NotStarted {
        /// Its path.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The server ended, or did not answer in time.
    #[error("`{program}` does not answer on port {port}")]
    Silent {
        /// Its path.
        program: String,
        /// Where it should have answered.
        port: u16,
    },
}

/// A running server; it stops when dropped, and when the test process ends.
#[derive(Debug)]
pub struct Moto {
    /// A shell that ends the server as soon as its own input closes.
    keeper: Child,
    address: String,
}

impl Moto {
    /// Starts a server of one's own.
    ///
    /// # Errors
    ///
    /// Where moto is not installed, or does not come up.
    pub fn start() -> Result<Self, MotoError> {
        let program = program()?;
        let port = free_port().map_err(|source| MotoError::NotStarted {
            program: program.clone(),
            source,
        })?;
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, &program, &port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| MotoError::NotStarted {
                program: program.clone(),
                source,
            })?;
        let mut moto = Self {
            keeper,
            address: format!("127.0.0.1:{port}"),
        };
        let start = Instant::now();
        while start.elapsed() < PATIENCE && matches!(moto.keeper.try_wait(), Ok(None)) {
            if http::send(&moto.address, "GET /moto-api/data.json HTTP/1.1", &[], b"").is_ok() {
                return Ok(moto);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(MotoError::Silent { program, port })
    }

    /// The server that all tests of this process share. Let each test use an account of its own
    /// ([`Moto::ec2`], [`crate::FakeAws::start_as`]): accounts do not see each other.
    ///
    /// # Errors
    ///
    /// As [`Moto::start`].
    pub fn shared() -> Result<&'static Self, MotoError> {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        static STARTING: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _starting = crate::connection::lock(&STARTING);
        if let Some(moto) = SHARED.get() {
            return Ok(moto);
        }
        let moto = Self::start()?;
        Ok(SHARED.get_or_init(|| moto))
    }

    /// Its URL.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client that builds networks in one account and region.
    #[must_use]
    pub fn ec2(&self, account: &str, region: &str) -> Ec2 {
        Ec2::at(&self.endpoint(), account, region)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// The Python in which moto is installed, and botocore with it.
///
/// # Errors
///
/// Where moto is not installed.
pub fn python() -> Result<PathBuf, MotoError> {
    Ok(PathBuf::from(program()?).with_file_name("python"))
}

fn program() -> Result<String, MotoError> {
    std::env::var(VARIABLE).map_err(MotoError::NotInstalled)
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}
