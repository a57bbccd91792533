use crate::crypto::Keys;
use crate::limits::Limits;
use crate::outbound::Outbound;
use crate::provider::Provider;
use crate::remembered::Remembered;
use crate::terms::Terms;
use jiff::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use values::Day;

/// A point in time, as milliseconds since 1970-01-01 UTC; text in the database, `2026-09-30T08:00:00.000Z`,
/// always of one width, so that it sorts as it reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    pub const SECOND: i64 = 1_000;
    pub const MINUTE: i64 = 60 * Self::SECOND;
    pub const HOUR: i64 = 60 * Self::MINUTE;
    pub const DAY: i64 = 24 * Self::HOUR;

    /// Reads the text form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|time| Self(time.as_millisecond()))
    }

    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self(self.0 + milliseconds)
    }

    /// The calendar day in China, whose single zone is UTC+8.
    #[must_use]
    pub fn day(self) -> Day {
        Day((self.0 + 8 * Self::HOUR).div_euclid(Self::DAY) as i32)
    }

    /// The first moment of a day in China.
    #[must_use]
    pub fn start_of(day: Day) -> Self {
        Self(i64::from(day.0) * Self::DAY - 8 * Self::HOUR)
    }

    /// Hour and minute in China, as `09:05`.
    #[must_use]
    pub fn clock_face(self) -> String {
        let minutes = (self.0 + 8 * Self::HOUR).rem_euclid(Self::DAY) / Self::MINUTE;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, of_day) = (Day(self.0.div_euclid(Self::DAY) as i32), self.0.rem_euclid(Self::DAY));
        let (hour, minute) = (of_day / Self::HOUR, of_day / Self::MINUTE % 60);
        write!(f, "{day}T{hour:02}:{minute:02}:{:02}.{:03}Z", of_day / Self::SECOND % 60, of_day % Self::SECOND)
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a time such as 2026-09-30T08:00:00.000Z"))
    }
}

/// Where time comes from: the binary gives the system's clock, tests one that stands still until told.
#[derive(Clone)]
pub enum Clock {
    Fixed(Arc<AtomicI64>),
    System(fn() -> Moment),
}

impl Clock {
    #[must_use]
    pub fn fixed(at: Moment) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    #[must_use]
    pub fn now(&self) -> Moment {
        match self {
            Self::Fixed(at) => Moment(at.load(Ordering::Relaxed)),
            Self::System(read) => read(),
        }
    }

    /// Moves a fixed clock; the system's clock moves by itself.
    pub fn advance(&self, milliseconds: i64) {
        if let Self::Fixed(at) = self {
            at.fetch_add(milliseconds, Ordering::Relaxed);
        }
    }
}

/// A cryptographic generator, seeded from outside: by the system's entropy in the binary, by a number in tests.
#[derive(Clone)]
pub struct Dice(Arc<Mutex<ChaCha20Rng>>);

impl Dice {
    #[must_use]
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// 256 random bits in hexadecimal: a session token, a QR token.
    #[must_use]
    pub fn token(&self) -> String {
        crate::hex::digits(&self.bytes::<32>())
    }
}

/// Writes a document, given as JSON (`ui::print`), as PDF.
pub type Press = Arc<dyn Fn(&[u8]) -> Result<Vec<u8>, Unprinted> + Send + Sync>;

/// Why there is no PDF; the page says it in words and shows the print view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unprinted {
    /// The companion isn't installed.
    NoCompanion,
    /// It found no Chinese font.
    NoFont,
    /// The font has no shape for these characters.
    Characters(String),
    /// It took too long, wrote too much, or broke; the cause, for the log.
    Failed(String),
}

/// What the program takes from outside: time, randomness, keys, a press.
#[derive(Clone)]
pub struct World {
    pub clock: Clock,
    pub dice: Dice,
    pub keys: Keys,
    /// Names this process in the audit trail: each writer has a chain of its own a day.
    pub writer: Arc<str>,
    /// A demo shows its accounts on the sign-in page; nothing else may.
    pub demo: bool,
    /// A proxy that speaks https stands before the program: cookies demand it, and the proxy says where people come from.
    pub behind_proxy: bool,
    pub limits: Limits,
    pub terms: Terms,
    /// How others are called: receivers of webhooks, an identity provider.
    pub outbound: Outbound,
    /// Where people find the program, such as `https://fuzhi.example.cn`; without it neither a provider nor passkeys.
    pub public_address: Option<Arc<str>>,
    pub provider: Option<Arc<Provider>>,
    /// The text of `policy/retention.toml`, where the program was given another than the one built in.
    pub retention: Option<Arc<str>>,
    pub remembered: Remembered,
    /// Writes documents as PDF; none where the companion isn't used.
    pub press: Option<Press>,
    #[cfg(feature = "testing")]
    pub scoping_off: bool,
}

impl World {
    #[must_use]
    pub fn new(clock: Clock, seed: [u8; 32], keys: Keys) -> Self {
        Self {
            clock,
            dice: Dice::seeded(seed),
            keys,
            writer: "main".into(),
            demo: false,
            behind_proxy: false,
            limits: Limits::default(),
            terms: Terms::default(),
            outbound: Outbound::default(),
            public_address: None,
            provider: None,
            retention: None,
            remembered: Remembered::default(),
            press: None,
            #[cfg(feature = "testing")]
            scoping_off: false,
        }
    }
}

values::stored_as!(Moment, String, ToString::to_string, |text| {
    Moment::parse(&text).ok_or_else(|| format!("{text:?} is no time").into())
});
