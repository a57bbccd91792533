//! As much of HTTP/1.1 as a measurement takes: one connection, kept open, asking for what a browser asks for.

use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::TcpStream;

pub struct Client {
    stream: TcpStream,
    address: String,
    /// What has come of the answer so far.
    came: Vec<u8>,
    /// Whether pages may come compressed, as every browser says.
    compressed: bool,
}

pub struct Answer {
    pub body: String,
    /// As a browser would send them back.
    pub cookies: String,
}

impl Client {
    pub fn connect(address: &str, compressed: bool) -> Result<Self> {
        let stream = TcpStream::connect(address).with_context(|| format!("{address} doesn't answer"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, address: address.to_owned(), came: Vec::with_capacity(1 << 17), compressed })
    }

    /// Asks for a page and looks no further than its status and its length: a measurement must not spend the time of
    /// the program it measures.
    pub fn fetch(&mut self, path: &str, cookies: &str) -> Result<(u16, usize)> {
        let accept = if self.compressed { "Accept-Encoding: gzip, deflate\r\n" } else { "" };
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{accept}Cookie: {cookies}\r\n\r\n", self.address);
        let head = self.send(ask.as_bytes())?;
        Ok((status(&self.came)?, self.came.len() - head))
    }

    pub fn get(&mut self, path: &str, cookies: &str) -> Result<Answer> {
        let ask = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\n\r\n", self.address);
        let head = self.send(ask.as_bytes())?;
        self.answer(head)
    }

    pub fn post(&mut self, path: &str, cookies: &str, form: &str) -> Result<Answer> {
        let ask = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        );
        let head = self.send(ask.as_bytes())?;
        self.answer(head)
    }

    /// Sends, and waits for the whole answer; gives the length of its head.
    fn send(&mut self, ask: &[u8]) -> Result<usize> {
        self.stream.write_all(ask)?;
        self.came.clear();
        let head = loop {
            self.more()?;
            if let Some(end) = self.came.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        match (field(&self.came[..head], "content-length"), field(&self.came[..head], "transfer-encoding")) {
            (Some(length), _) => {
                let end = head + length.parse::<usize>()?;
                while self.came.len() < end {
                    self.more()?;
                }
            }
            (None, Some(_)) => self.chunks(head)?,
            (None, None) => {}
        }
        Ok(head)
    }

    /// Waits for the last of the parts an answer comes in.
    fn chunks(&mut self, head: usize) -> Result<()> {
        let mut at = head;
        loop {
            let line = loop {
                match self.came[at..].windows(2).position(|two| two == b"\r\n") {
                    Some(end) => break at + end,
                    None => self.more()?,
                }
            };
            let length = usize::from_str_radix(std::str::from_utf8(&self.came[at..line])?.trim(), 16)?;
            at = line + 2 + length + 2;
            while self.came.len() < at {
                self.more()?;
            }
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn more(&mut self) -> Result<()> {
        let before = self.came.len();
        self.came.resize(before + (1 << 16), 0);
        let read = self.stream.read(&mut self.came[before..])?;
        self.came.truncate(before + read);
        if read == 0 {
            bail!("the connection was closed in the middle of an answer");
        }
        Ok(())
    }

    fn answer(&self, head: usize) -> Result<Answer> {
        let text = String::from_utf8_lossy(&self.came[..head]);
        let cookies: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .filter_map(|(_, value)| value.split(';').next())
            .collect();
        let chunked = field(&self.came[..head], "transfer-encoding").is_some();
        let body = if chunked { joined(&self.came[head..])? } else { self.came[head..].to_vec() };
        Ok(Answer { body: String::from_utf8_lossy(&body).into_owned(), cookies: cookies.join("; ") })
    }
}

fn status(came: &[u8]) -> Result<u16> {
    let digits = came.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).context("no HTTP came back")
}

fn field<'h>(head: &'h [u8], name: &str) -> Option<&'h str> {
    let text = std::str::from_utf8(head).ok()?;
    let fields = text.lines().filter_map(|line| line.split_once(": "));
    fields.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

fn joined(mut chunks: &[u8]) -> Result<Vec<u8>> {
    let mut all = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n").context("a part without a length")?;
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..line])?.trim(), 16)?;
        if length == 0 {
            return Ok(all);
        }
        all.extend_from_slice(chunks.get(line + 2..line + 2 + length).context("a part is cut off")?);
        chunks = &chunks[line + 4 + length..];
    }
}
