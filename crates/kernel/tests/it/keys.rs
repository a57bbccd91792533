//! Keys: what is sealed opens only where it was sealed, and erasure leaves counts whole.

use crate::flock::SETUP;
use kernel::crypto::{self, Aes, CryptoSuite, Keys};
use kernel::{Error, StaffId, Who};
use testkit::Village;

#[tokio::test]
async fn a_destroyed_key_takes_its_values_with_it() {
    Village::on_both(SETUP, |village| async move {
        let sealed = village
            .write(|mut cx| async move {
                let key = crypto::key_of(&mut cx, "household-1").await?;
                key.seal(cx.world(), "notes.text", "慢性病".as_bytes())
            })
            .await
            .unwrap();
        assert!(!sealed.contains("慢性病"));
        let key = crypto::find_key(&mut village.read(), "household-1").await.unwrap().unwrap();
        assert_eq!(key.open("notes.text", &sealed).unwrap(), "慢性病".as_bytes());
        assert!(key.open("other.place", &sealed).is_err(), "a value moved elsewhere doesn't open");

        let decision = Who::Staff(Box::new(staff()));
        let erase = |reason: &'static str| {
            village.db.write(&village.world, &decision, move |mut cx| async move {
                crypto::destroy_key(&mut cx, "household-1", reason).await
            })
        };
        erase("the family asked for it").await.unwrap();
        assert!(matches!(erase("again").await, Err(Error::Conflict(None))));
        assert!(matches!(crypto::find_key(&mut village.read(), "household-1").await, Err(Error::NotFound)));
        let machine =
            village.write(|mut cx| async move { crypto::destroy_key(&mut cx, "household-2", "").await }).await;
        assert!(matches!(machine, Err(Error::Forbidden)), "no machine erases anybody");
    })
    .await;
}

fn staff() -> kernel::Staff {
    let id = StaffId("county:539901".into());
    let (account, name, county) = ("c".to_owned(), "c".to_owned(), "539901".to_owned());
    kernel::Staff { id, account, name, county, language: None, posts: Vec::new() }
}

#[test]
fn the_county_key_is_read_from_text_and_never_shown() {
    let keys = Keys::from_text(&format!(" {}\n", "0f".repeat(32))).unwrap();
    assert_eq!(keys.fingerprint(), Keys::new([15; 32]).fingerprint());
    assert_ne!(keys.fingerprint(), Keys::new([16; 32]).fingerprint());
    let wrong = Keys::from_text("secret").err().unwrap().to_string();
    assert!(wrong.contains("64 hexadecimal digits") && !wrong.contains("secret"), "{wrong}");
}

#[test]
fn blind_codes_are_equal_for_equal_values_of_one_kind_only() {
    let keys = Keys::new([1; 32]);
    assert_eq!(keys.blind("id_number", "53"), keys.blind("id_number", "53"));
    assert_ne!(keys.blind("id_number", "53"), keys.blind("phone", "53"));
    assert_ne!(keys.blind("a", "bc"), keys.blind("ab", "c"));
    assert_ne!(keys.blind("id_number", "53"), Keys::new([2; 32]).blind("id_number", "53"));
}

/// Test case 16 of the authors of GCM (McGrew and Viega), with AES-256.
#[test]
fn aes_gives_the_published_text() {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let bytes = |text: &str| text.as_bytes().chunks(2).map(byte).collect::<Vec<u8>>();
    let key: [u8; 32] = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
    let nonce: [u8; 12] = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
    let about = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let plain = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let sealed = Aes.seal(&key, &nonce, &about, &plain).unwrap();
    assert_eq!(sealed[sealed.len() - 16..], bytes("76fc6ece0f4e1768cddf8853bb2d551b"));
    assert_eq!(Aes.open(&key, &nonce, &about, &sealed).unwrap(), plain);
    assert_eq!(Aes.open(&key, &nonce, b"elsewhere", &sealed), None);
}
