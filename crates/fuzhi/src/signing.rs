//! Who vouches for a policy: a publisher's key signs a folder of rules, and a run can be told to go by no other.
//!
//! The signature (Ed25519) stands in `policy.sig` beside the rules and covers the path and content of every file that is
//! read. docs/guides/policy-pack.md says who writes, who checks, who signs.

use crate::wrong_usage::WrongUsage;
use crate::{policy, rules, store};
use anyhow::{Context, Result, anyhow, bail};
use kernel::hex;
use kernel::signature::{PublicHalf, Signer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

const SIGNATURE: &str = "policy.sig";

/// What stands in `policy.sig`, both in hexadecimal digits.
#[derive(Serialize, Deserialize)]
struct Signed {
    signer: String,
    signature: String,
}

/// Makes a publisher's key in a new file that its owner alone reads; gives the public half.
///
/// # Errors
/// When the file is there already or can't be written.
pub fn make_key(path: &Path) -> Result<String> {
    use std::os::unix::fs::OpenOptionsExt;
    let seed = store::entropy()?;
    let signer = signer(&seed)?;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("{} can't be made", path.display()))?;
    writeln!(file, "{}", hex::digits(&seed))?;
    file.sync_all()?;
    Ok(format!(
        "{} holds the key: keep it off every machine that runs or serves\nsigner {}",
        path.display(),
        signer.public_half().digits()
    ))
}

/// Signs a folder of rules that `rules check` finds nothing wrong with.
///
/// # Errors
/// When something is wrong with the rules or the key.
pub fn sign(folder: &Path, key: &Path) -> Result<String> {
    let checked = rules::check(Some(folder))?;
    let text = fs::read_to_string(key).with_context(|| format!("{} can't be read", key.display()))?;
    let seed = hex::bytes(text.trim()).filter(|seed| seed.len() == 32);
    let signer = signer(&seed.ok_or_else(|| anyhow!("{} holds no key; `fuzhi rules key` makes one", key.display()))?)?;
    let signature = hex::digits(&signer.sign(&statement(folder)?));
    let signed = Signed { signer: signer.public_half().digits(), signature };
    let path = folder.join(SIGNATURE);
    fs::write(&path, serde_json::to_string_pretty(&signed)? + "\n")
        .with_context(|| format!("{} can't be written", path.display()))?;
    Ok(format!("{checked}\n{} is signed by {}", folder.display(), signed.signer))
}

/// Says by whom a folder of rules is signed, if it is one of those named and nothing has changed since.
///
/// # Errors
/// When it isn't signed, by somebody else, or differs from what was signed.
pub fn verify(folder: &Path, signers: &str) -> Result<String> {
    let path = folder.join(SIGNATURE);
    let text = fs::read_to_string(&path).with_context(|| {
        format!("{} can't be read: the rules aren't signed; `fuzhi rules sign` does", path.display())
    })?;
    let signed: Signed = serde_json::from_str(&text).with_context(|| format!("{} is no signature", path.display()))?;
    if !signers.split(',').any(|signer| signer.trim().eq_ignore_ascii_case(&signed.signer)) {
        bail!("the rules in {} are signed by {}, and this county goes by others", folder.display(), signed.signer);
    }
    let (Some(public), Some(signature)) = (PublicHalf::read(&signed.signer), hex::bytes(&signed.signature)) else {
        bail!("{} is no signature: hexadecimal digits are missing", path.display());
    };
    if !public.signed(&statement(folder)?, &signature) {
        bail!("the rules in {} aren't as they were signed: check them, and have them signed anew", folder.display());
    }
    Ok(format!("{} is signed by {}, and as it was signed", folder.display(), signed.signer))
}

/// Where signers are named, a folder of rules is used only when one of them has signed it. What is built in needs none.
///
/// # Errors
/// Those of [`verify`].
pub fn demand(folder: Option<&Path>, signers: Option<&str>) -> Result<()> {
    let (Some(folder), Some(signers)) = (folder, signers) else { return Ok(()) };
    if signers.split(',').any(|signer| PublicHalf::read(signer).is_none()) {
        let sentence =
            "a signer is the 64 hexadecimal digits that `fuzhi rules key` printed, several with commas between";
        return Err(WrongUsage::new(sentence).into());
    }
    verify(folder, signers).map(drop)
}

fn signer(seed: &[u8]) -> Result<Signer> {
    Signer::new(seed).ok_or_else(|| anyhow!("32 bytes make a key"))
}

/// What is signed: each file's path and digest, in the order of the paths.
fn statement(folder: &Path) -> Result<Vec<u8>> {
    let mut statement = String::from("fuzhi policy 1\n");
    for (path, text) in policy::files(folder)? {
        let _ = writeln!(statement, "{} {path}", hex::digits(&Sha256::digest(text.as_bytes())));
    }
    Ok(statement.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A county's own folder: a copy of the project's.
    fn pack() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy");
        for (path, text) in policy::files(Path::new(from)).unwrap() {
            let path = home.path().join("pack").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        home
    }

    #[test]
    fn a_county_goes_by_rules_as_its_publisher_signed_them() {
        let home = pack();
        let (folder, key, other) = (home.path().join("pack"), home.path().join("key"), home.path().join("other"));
        let public = |said: String| said.rsplit(' ').next().unwrap().to_owned();
        let signer = public(make_key(&key).unwrap());
        let stranger = public(make_key(&other).unwrap());
        assert!(make_key(&key).is_err(), "a key isn't written over");
        let why = |signers: &str| demand(Some(&folder), Some(signers)).unwrap_err().to_string();
        assert!(why(&signer).contains("aren't signed"));
        assert!(sign(&folder, &key).unwrap().contains("nothing wrong"));
        demand(Some(&folder), Some(&format!("{stranger}, {signer}"))).unwrap();
        assert!(why(&stranger).contains("goes by others"));
        assert!(why("abc").contains("64 hexadecimal digits"));
        demand(Some(&folder), None).unwrap();
        demand(None, Some(&signer)).unwrap();

        // Another line by one fen, one more file, one file less: each is seen.
        let lines = folder.join("parameters/lines.toml");
        let text = fs::read_to_string(&lines).unwrap();
        fs::write(&lines, text.replacen("9500", "9501", 1)).unwrap();
        assert!(why(&signer).contains("as they were signed"));
        fs::write(&lines, &text).unwrap();
        verify(&folder, &signer).unwrap();
        fs::write(folder.join("more.toml"), "").unwrap();
        assert!(why(&signer).contains("as they were signed"));
        fs::remove_file(folder.join("more.toml")).unwrap();
        fs::remove_file(folder.join("indicators.toml")).unwrap();
        assert!(why(&signer).contains("as they were signed"));
    }

    #[test]
    fn rules_with_something_wrong_are_not_signed() {
        let home = pack();
        let (folder, key) = (home.path().join("pack"), home.path().join("key"));
        make_key(&key).unwrap();
        fs::write(folder.join("own.toml"), "[[rule]]\nid = \"half\"\n").unwrap();
        assert!(sign(&folder, &key).is_err());
        assert!(!folder.join(SIGNATURE).exists());
    }
}
