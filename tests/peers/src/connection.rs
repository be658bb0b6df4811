//! Connections: accepting them, keeping them open, and the ways in which they end badly on request.

use std::io::{BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::Duration;

use socket2::SockRef;

use crate::http::{Incoming, Response};

/// What a request leads to on its connection.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Delivery {
    /// Time before anything is sent.
    pub(crate) after: Duration,
    pub(crate) manner: Manner,
}

/// How an answer goes out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Manner {
    Whole(Response),
    /// The head promises the whole body; half of it is sent, then the connection closes.
    CutOff(Response),
    /// The connection is reset without an answer.
    Reset,
    /// Nothing is sent until the server stops.
    Never,
}

type Handler = dyn Fn(&Incoming) -> Delivery + Send + Sync;

/// A server on a free port of 127.0.0.1; it stops when dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    handler: Box<Handler>,
    stopped: AtomicBool,
    /// Live connections and their threads, which alone hold the sockets: a reset needs the last hold given up.
    connections: Mutex<Vec<(Weak<TcpStream>, JoinHandle<()>)>>,
    stopping: Condvar,
    waiting: Mutex<()>,
}

impl Server {
    /// Starts to answer each request with what `handler` says.
    pub(crate) fn start(handler: impl Fn(&Incoming) -> Delivery + Send + Sync + 'static) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port on 127.0.0.1");
        let address = listener
            .local_addr()
            .expect("the address of a bound socket");
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            stopped: AtomicBool::new(false),
            connections: Mutex::default(),
            stopping: Condvar::new(),
            waiting: Mutex::default(),
        });
        let accepting = Arc::clone(&shared);
        let acceptor = std::thread::spawn(move || accepting.accept(&listener));
        Self {
            address,
            shared,
            acceptor: Some(acceptor),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let waiting = lock(&self.shared.waiting);
        self.shared.stopped.store(true, Ordering::SeqCst);
        drop(waiting);
        self.shared.stopping.notify_all();
        // Wakes the acceptor.
        drop(TcpStream::connect(self.address));
        if let Some(acceptor) = self.acceptor.take() {
            drop(acceptor.join());
        }
        let connections = std::mem::take(&mut *lock(&self.shared.connections));
        for stream in connections
            .iter()
            .filter_map(|(stream, _)| stream.upgrade())
        {
            // Already closed is fine.
            drop(stream.shutdown(Shutdown::Both));
        }
        for (_, thread) in connections {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn accept(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            let Ok(stream) = stream.map(Arc::new) else {
                continue;
            };
            let known = Arc::downgrade(&stream);
            let serving = Arc::clone(&self);
            let thread = std::thread::spawn(move || serving.serve(&stream));
            let mut connections = lock(&self.connections);
            connections.retain(|(_, thread)| !thread.is_finished());
            connections.push((known, thread));
        }
    }

    /// Answers requests until the client has gone or an answer ends the connection.
    fn serve(&self, stream: &TcpStream) {
        drop(stream.set_nodelay(true));
        let mut reader = BufReader::new(stream);
        while let Ok(Some(incoming)) = Incoming::read(&mut reader) {
            let delivery = (self.handler)(&incoming);
            if !self.pause(delivery.after) || !self.deliver(stream, delivery.manner) {
                return;
            }
        }
    }

    /// Sends an answer; false where the connection is over.
    fn deliver(&self, mut stream: &TcpStream, manner: Manner) -> bool {
        match manner {
            Manner::Whole(response) => stream
                .write_all(&response.bytes(response.body.len()))
                .is_ok(),
            Manner::CutOff(mut response) => {
                let whole = response.body.len().max(2);
                response.body.truncate(response.body.len() / 2);
                drop(stream.write_all(&response.bytes(whole)));
                false
            }
            Manner::Reset => {
                // Closing with nothing lingering makes the kernel send a reset.
                drop(SockRef::from(stream).set_linger(Some(Duration::ZERO)));
                false
            }
            Manner::Never => {
                self.pause(Duration::MAX);
                false
            }
        }
    }

    /// Waits; false where the server stopped meanwhile.
    fn pause(&self, time: Duration) -> bool {
        if time.is_zero() {
            return true;
        }
        let waiting = lock(&self.waiting);
        let going_on = |_: &mut ()| !self.stopped.load(Ordering::SeqCst);
        // Far enough away; the condition variable cannot wait for ever with a time.
        let time = time.min(Duration::from_secs(24 * 3600));
        drop(self.stopping.wait_timeout_while(waiting, time, going_on));
        !self.stopped.load(Ordering::SeqCst)
    }
}

/// Locks; a test thread that panicked elsewhere does not matter here.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
