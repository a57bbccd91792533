//! Keys: what is sealed opens only where it was sealed, and erasure leaves counts whole.

use crate::flock::SETUP;
use kernel::crypto::{self, Aes, CryptoSuite, Keys, Sm4Gcm};
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

#[tokio::test]
async fn another_county_key_takes_its_place_and_everything_still_opens() {
    Village::on_both(SETUP, |village| async move {
        let sealed = village.write(|mut cx| async move {
            crypto::key_of(&mut cx, "household-2").await?;
            crypto::key_of(&mut cx, "household-1").await?.seal(cx.world(), "notes.text", b"plain")
        });
        let sealed = sealed.await.unwrap();
        let new = village.world.keys.rotated([9; 32]);
        let before = crypto::wrapped_by(&mut village.read()).await.unwrap();
        let new_keys = &new;
        assert_eq!(village.write(|mut cx| async move { crypto::rewrap(&mut cx, new_keys).await }).await.unwrap(), 2);
        let again = village.write(|mut cx| async move { crypto::rewrap(&mut cx, new_keys).await });
        assert_eq!(again.await.unwrap(), 0, "what was done is not done twice");
        let after = crypto::wrapped_by(&mut village.read()).await.unwrap();
        assert!(before != after && after == [new.fingerprint()]);

        assert!(crypto::find_key(&mut village.read(), "household-1").await.is_err(), "the old key opens nothing");
        let mut world = village.world.clone();
        world.keys = new.clone();
        let mut cx = village.db.read(&world, &Who::machine("test", Village::COUNTY));
        let key = crypto::find_key(&mut cx, "household-1").await.unwrap().unwrap();
        assert_eq!(key.open("notes.text", &sealed).unwrap(), b"plain");
        let old = &village.world.keys;
        assert_eq!(new.blind("id_number", "53"), old.blind("id_number", "53"), "searches go on finding");
        let read = Keys::from_text(&new.to_text()).unwrap();
        assert_eq!((read.fingerprint(), read.blind("a", "b")), (new.fingerprint(), new.blind("a", "b")));
    })
    .await;
}

#[tokio::test]
async fn a_county_may_choose_the_national_suite() {
    let village = Village::raise(testkit::Engine::Sqlite, SETUP).await;
    let mut world = village.world.clone();
    world.keys = Keys::from_text(&format!("{}\nsuite sm4-gcm\n", "01".repeat(32))).unwrap();
    let (key, wrapped) = world.keys.make(&world, "household-1").unwrap();
    let sealed = key.seal(&world, "notes.text", "慢性病".as_bytes()).unwrap();
    assert!(wrapped.starts_with("s1.") && sealed.starts_with("s1."));
    // A store may hold both: each key is opened by the suite that wrapped it.
    let opened = village.world.keys.unwrap("household-1", &wrapped).unwrap();
    assert_eq!(opened.open("notes.text", &sealed).unwrap(), "慢性病".as_bytes());
    assert!(Keys::from_text(&format!("{}\nsuite rot13\n", "01".repeat(32))).is_err());
}

#[test]
fn blind_codes_are_equal_for_equal_values_of_one_kind_only() {
    let keys = Keys::new([1; 32]);
    assert_eq!(keys.blind("id_number", "53"), keys.blind("id_number", "53"));
    assert_ne!(keys.blind("id_number", "53"), keys.blind("phone", "53"));
    assert_ne!(keys.blind("a", "bc"), keys.blind("ab", "c"));
    assert_ne!(keys.blind("id_number", "53"), Keys::new([2; 32]).blind("id_number", "53"));
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_gives_the_published_text() {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    let bytes = |text: &str| text.as_bytes().chunks(2).map(byte).collect::<Vec<u8>>();
    let mut key = [0; 32];
    key[..16].copy_from_slice(&bytes("0123456789ABCDEFFEDCBA9876543210"));
    let nonce: [u8; 12] = bytes("00001234567800000000ABCD").try_into().unwrap();
    let about = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plain = ["AA", "BB", "CC", "DD", "EE", "FF", "EE", "AA"].map(|pair| pair.repeat(8)).concat();
    let sealed = Sm4Gcm.seal(&key, &nonce, &about, &bytes(&plain)).unwrap();
    let expected = "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15\
                    A56834CBCF98C397B4024A2691233B8D83DE3541E4C2B58177E065A9BF7B62EC";
    assert_eq!(sealed, bytes(expected));
    assert_eq!(Sm4Gcm.open(&key, &nonce, &about, &sealed).unwrap(), bytes(&plain));
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
