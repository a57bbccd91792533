//! How the program calls others: one request, one answer, no redirects, and never an address it wasn't meant to reach.
//!
//! Somebody types a receiver's address on a page. Were every address called, that page could make the program look
//! around inside its own network. So the name is resolved first, every address it stands for is held against what is
//! allowed, and the connection goes to the very address that was looked at.

use axum::body::{Body, Bytes};
use axum::http::{Method, Request, Uri, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// Longer than this nobody is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const LONGEST: usize = 1 << 20;

/// Which addresses may be called besides the public ones, and whom to believe that they are who they say.
#[derive(Clone, Debug)]
pub struct Outbound {
    networks: Arc<[Network]>,
    roots: Arc<RootCertStore>,
}

/// A network, such as `10.20.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: u128,
    length: u32,
}

/// Whose word an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Somebody typed it on a page: private addresses only where a network allows them.
    Page,
    /// It stands in the installation's own configuration.
    Configuration,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// No address of http or https with a host and nothing else before the path.
    Malformed,
    /// A private or otherwise inner address that nobody allowed, or http to the outside.
    NotAllowed,
    /// No such host.
    Unknown,
    /// It doesn't answer, or not in time.
    Silent,
    /// It can't prove who it is.
    Untrusted,
    /// It answers, and not in HTTP, or too much.
    Garbled,
}

impl Missed {
    /// In a column, and in the key of the words for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotAllowed => "not_allowed",
            Self::Unknown => "unknown",
            Self::Silent => "silent",
            Self::Untrusted => "untrusted",
            Self::Garbled => "garbled",
        }
    }
}

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "that is no address such as https://host/path",
            Self::NotAllowed => "that address may not be called: it is a private one, or http to the outside",
            Self::Unknown => "there is no host of that name",
            Self::Silent => "it doesn't answer within five seconds",
            Self::Untrusted => "its certificate isn't one this program trusts",
            Self::Garbled => "its answer can't be read",
        })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Bytes,
}

impl Network {
    /// # Errors
    /// A sentence when it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no network; write 10.20.0.0/16");
        let (address, length) = text.trim().split_once('/').ok_or_else(wrong)?;
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let length: u32 = length.parse().map_err(|_| wrong())?;
        let (bits, before) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        if length > bits {
            return Err(wrong());
        }
        let length = length + before;
        Ok(Self { first: number(address) & mask(length), length })
    }

    fn holds(self, address: IpAddr) -> bool {
        number(address) & mask(self.length) == self.first
    }
}

const fn mask(length: u32) -> u128 {
    if length == 0 { 0 } else { u128::MAX << (128 - length) }
}

/// As one number: an IPv4 address as IPv6 writes it.
fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped().to_bits(),
        IpAddr::V6(six) => six.to_bits(),
    }
}

/// Whether an address is one of the open internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_four(four),
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => is_public_four(four),
            None => is_public_six(six),
        },
    }
}

fn is_public_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let inner = address.is_private() || address.is_loopback() || address.is_link_local() || address.is_broadcast();
    // 0/8, 100.64/10 (carriers), 192.0.0/24 and the examples, 198.18/15 (tests), 224/3 (groups, reserved).
    let other = a == 0
        || (a == 100 && b & 0xC0 == 64)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 198 && (b & 0xFE == 18 || (b == 51 && c == 100)))
        || (a == 203 && b == 0 && c == 113)
        || a >= 224;
    !(inner || other)
}

/// The open part of IPv6 is 2000::/3; in it, examples and tunnels that lead to IPv4 are left out.
fn is_public_six(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    a & 0xE000 == 0x2000 && !(a == 0x2001 && (b == 0x0DB8 || b < 0x0200)) && a != 0x2002
}

impl Outbound {
    /// With networks that may be called besides the public ones, and certificates (PEM) of authorities that are believed
    /// besides the known ones.
    ///
    /// # Errors
    /// A sentence when a certificate can't be read.
    pub fn new(networks: Vec<Network>, authorities: &[u8]) -> Result<Self, String> {
        let mut roots = known();
        for certificate in CertificateDer::pem_slice_iter(authorities) {
            let certificate = certificate.map_err(|cause| format!("a certificate can't be read: {cause}"))?;
            roots.add(certificate).map_err(|cause| format!("a certificate can't be used: {cause}"))?;
        }
        Ok(Self { networks: networks.into(), roots: Arc::new(roots) })
    }

    fn tls(&self) -> Result<TlsConnector, Missed> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|_| Missed::Untrusted)?;
        let config = config.with_root_certificates(Arc::clone(&self.roots)).with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }

    fn allows(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.holds(address))
    }

    /// Says at once what is wrong with an address, as far as can be told without asking anybody.
    ///
    /// # Errors
    /// [`Missed::Malformed`] and [`Missed::NotAllowed`].
    pub fn check(&self, url: &str, trust: Trust) -> Result<(), Missed> {
        let target = Target::parse(url)?;
        match target.host.parse::<IpAddr>() {
            Ok(address) => self.admit(&target, address, trust),
            Err(_) => Ok(()),
        }
    }

    fn admit(&self, target: &Target, address: IpAddr, trust: Trust) -> Result<(), Missed> {
        // What is said in clear stays within the house.
        let clear = !target.secret && is_public(address);
        let good = !clear && (trust == Trust::Configuration || self.allows(address));
        if good { Ok(()) } else { Err(Missed::NotAllowed) }
    }

    /// Sends one request and reads its answer, whatever its status. Redirects are answers too.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn call(
        &self,
        (method, url): (Method, &str),
        headers: &[(&str, &str)],
        body: Vec<u8>,
        trust: Trust,
    ) -> Result<Answer, Missed> {
        let target = Target::parse(url)?;
        let mut request = Request::builder().method(method).uri(target.path.as_str());
        request = request.header(header::HOST, &target.authority).header(header::USER_AGENT, "fuzhi");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).map_err(|_| Missed::Malformed)?;
        let asked = async {
            let stream = self.connect(&target, trust).await?;
            if !target.secret {
                return exchange(stream, request).await;
            }
            let name = ServerName::try_from(target.host.clone()).map_err(|_| Missed::Malformed)?;
            let secret = self.tls()?.connect(name, stream).await;
            exchange(secret.map_err(|_| Missed::Untrusted)?, request).await
        };
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or(Err(Missed::Silent))
    }

    /// To the first address that answers; every one of them must be allowed.
    async fn connect(&self, target: &Target, trust: Trust) -> Result<TcpStream, Missed> {
        let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let addresses: Vec<SocketAddr> = found.map_err(|_| Missed::Unknown)?.collect();
        for address in &addresses {
            self.admit(target, address.ip(), trust)?;
        }
        TcpStream::connect(addresses.as_slice()).await.map_err(|_| Missed::Silent)
    }
}

async fn exchange<S>(stream: S, request: Request<Body>) -> Result<Answer, Missed>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|_| Missed::Silent)?;
    let connection = tokio::spawn(connection);
    let answered = async {
        let (parts, body) = sender.send_request(request).await.map_err(|_| Missed::Garbled)?.into_parts();
        let body = axum::body::to_bytes(Body::new(body), LONGEST).await.map_err(|_| Missed::Garbled)?;
        Ok(Answer { status: parts.status.as_u16(), body })
    };
    let answer = answered.await;
    connection.abort();
    answer
}

/// The authorities that browsers know.
fn known() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

impl Default for Outbound {
    /// Public addresses alone.
    fn default() -> Self {
        Self { networks: Arc::default(), roots: Arc::new(known()) }
    }
}

/// An address taken apart.
struct Target {
    secret: bool,
    authority: String,
    host: String,
    port: u16,
    path: String,
}

impl Target {
    fn parse(url: &str) -> Result<Self, Missed> {
        let uri: Uri = url.trim().parse().map_err(|_| Missed::Malformed)?;
        let secret = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(Missed::Malformed),
        };
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or(Missed::Malformed)?;
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || url.contains('#') {
            return Err(Missed::Malformed);
        }
        Ok(Self {
            secret,
            authority: authority.as_str().to_owned(),
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(if secret { 443 } else { 80 }),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(networks: &[&str]) -> Outbound {
        let networks = networks.iter().map(|text| Network::parse(text).unwrap()).collect();
        Outbound::new(networks, &[]).unwrap()
    }

    #[test]
    fn inner_addresses_are_refused_however_they_are_written() {
        let plain = Outbound::default();
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[fe80::1]",
            "[fd00::1]",
            "[2002:7f00:1::]",
            "[64:ff9b::7f00:1]",
        ] {
            let url = format!("https://{address}/hook");
            assert_eq!(plain.check(&url, Trust::Page), Err(Missed::NotAllowed), "{url}");
        }
        for url in ["https://93.184.215.14/hook", "https://[2606:2800:21f:cb07::1]:8443/", "https://example.cn/a?b=c"] {
            assert_eq!(plain.check(url, Trust::Page), Ok(()), "{url}");
        }
        assert_eq!(
            plain.check("http://93.184.215.14/", Trust::Page),
            Err(Missed::NotAllowed),
            "in clear, to the outside"
        );
        assert_eq!(plain.check("http://10.1.2.3/", Trust::Configuration), Ok(()));
        for url in ["ftp://a.cn/", "a.cn/hook", "https://user:pass@a.cn/", "https:///x", "https://a.cn/#x", ""] {
            assert_eq!(plain.check(url, Trust::Page), Err(Missed::Malformed), "{url}");
        }
    }

    #[test]
    fn a_network_is_opened_by_the_configuration_and_no_more_than_it() {
        let office = outbound(&["10.20.0.0/16", "fd12::/16"]);
        let asked = |url: &str| office.check(url, Trust::Page).is_ok();
        let answers =
            ["http://10.20.3.4/", "https://10.21.0.1/", "https://[fd12::9]/", "https://[fd13::9]/"].map(asked);
        assert_eq!(answers, [true, false, true, false]);
        for text in ["10.20.0.0", "10.20.0.0/33", "office/8", "::/129"] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_after_it_was_looked_up() {
        let asked = Outbound::default().call((Method::GET, "https://localhost/"), &[], Vec::new(), Trust::Page).await;
        assert_eq!(asked.unwrap_err(), Missed::NotAllowed);
    }
}
