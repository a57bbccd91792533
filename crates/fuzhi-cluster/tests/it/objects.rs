//! A store of objects on the loopback interface that answers as S3 does, for whatever asks it here.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

pub struct Objects {
    address: SocketAddr,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    objects: BTreeMap<String, Bytes>,
    most: usize,
}

impl Objects {
    /// Serves until the tests end.
    pub fn serve() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let held = Arc::new(Mutex::new(Held::default()));
        let router = Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(held.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        Self { address, held }
    }

    /// How a machine is told where it is, and who may ask it.
    pub fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".into()),
            ("AWS_REGION", "here".into()),
            ("AWS_ACCESS_KEY_ID", "somebody".into()),
            ("AWS_SECRET_ACCESS_KEY", "invented".into()),
        ]
    }

    pub fn now(&self) -> usize {
        self.held.lock().unwrap().objects.len()
    }

    /// How many it held at a time, at most.
    pub fn most(&self) -> usize {
        self.held.lock().unwrap().most
    }
}

async fn answer(State(held): State<Arc<Mutex<Held>>>, method: Method, uri: Uri, body: Bytes) -> Response {
    let mut held = held.lock().unwrap();
    let key = decoded(uri.path());
    let headers = [("etag", "\"1\""), ("last-modified", "Mon, 30 Nov 2026 00:00:00 GMT")];
    match method {
        Method::PUT => {
            held.objects.insert(key, body);
            held.most = held.most.max(held.objects.len());
            headers.into_response()
        }
        Method::GET | Method::HEAD => match held.objects.get(&key) {
            Some(object) => (headers, object.clone()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        // Several at a time, their keys within the bucket listed as XML.
        Method::POST if uri.query() == Some("delete") => {
            let list = String::from_utf8(body.to_vec()).unwrap();
            let mut told = String::new();
            for listed in list.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next()) {
                held.objects.remove(&format!("{key}/{listed}"));
                told += &format!("<Deleted><Key>{listed}</Key></Deleted>");
            }
            format!("<DeleteResult>{told}</DeleteResult>").into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

/// An address's path in plain letters.
fn decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}
