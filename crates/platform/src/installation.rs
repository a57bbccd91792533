//! Reads `fuzhi.toml`: what is particular to one installation, and no policy: its address, whom it may call, and the
//! identity provider by which people may sign in.

use kernel::World;
use kernel::outbound::{Network, Outbound, Trust};
use kernel::provider::Provider;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    public_address: Option<String>,
    #[serde(default)]
    outbound: Allowed,
    identity: Option<Identity>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    #[serde(default)]
    networks: Vec<String>,
    authorities: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Identity {
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    #[serde(default)]
    second_factor_amr: Vec<String>,
    #[serde(default)]
    second_factor_acr: Vec<String>,
}

/// Takes an installation's file into a world. Files it names lie beside it where their paths aren't whole.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn install(world: &mut World, path: &Path) -> Result<(), String> {
    let wrong = |said: String| format!("{}: {said}", path.display());
    let text = std::fs::read_to_string(path).map_err(|cause| wrong(cause.to_string()))?;
    let file: File = toml::from_str(&text).map_err(|cause| wrong(cause.to_string()))?;
    let beside = |named: &Path| path.parent().unwrap_or(Path::new(".")).join(named);
    let read = |named: &Path| std::fs::read(beside(named)).map_err(|e| wrong(format!("{}: {e}", named.display())));
    let networks: Result<Vec<Network>, String> = file.outbound.networks.iter().map(|one| Network::parse(one)).collect();
    let authorities = file.outbound.authorities.as_deref().map(read).transpose()?.unwrap_or_default();
    world.outbound = Outbound::new(networks.map_err(wrong)?, &authorities).map_err(wrong)?;
    if let Some(address) = &file.public_address {
        world.public_address = Some(address_of(&world.outbound, address).map_err(wrong)?);
    }
    let Some(identity) = file.identity else { return Ok(()) };
    if world.public_address.is_none() {
        return Err(wrong("[identity] needs public_address, to which the provider sends people back".to_owned()));
    }
    world
        .outbound
        .check(&identity.issuer, Trust::Configuration)
        .map_err(|missed| wrong(format!("issuer: {missed}")))?;
    let secret = match &identity.client_secret_file {
        Some(named) => Some(String::from_utf8_lossy(&read(named)?).trim().to_owned()),
        None => None,
    };
    world.provider = Some(Arc::new(Provider {
        name: identity.name,
        issuer: identity.issuer,
        client_id: identity.client_id,
        client_secret: secret,
        second_factor_amr: identity.second_factor_amr,
        second_factor_acr: identity.second_factor_acr,
    }));
    Ok(())
}

/// Scheme, host and port, and nothing behind them.
fn address_of(outbound: &Outbound, text: &str) -> Result<Arc<str>, String> {
    let wrong = || format!("public_address = {text:?}: write https://host, with nothing behind it");
    outbound.check(text, Trust::Configuration).map_err(|_| wrong())?;
    let bare = text.trim_end_matches('/');
    if bare.splitn(4, '/').count() == 3 { Ok(bare.into()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Clock, Moment, crypto::Keys};

    fn told(text: &str) -> Result<World, String> {
        let mut world = World::new(Clock::fixed(Moment(0)), [0; 32], Keys::new([0; 32]));
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        let path = folder.path().join("fuzhi.toml");
        std::fs::write(&path, text).unwrap();
        install(&mut world, &path).map(|()| world)
    }

    #[test]
    fn an_installation_says_who_it_is_and_whom_it_calls() {
        let world = told(
            "public_address = \"https://fuzhi.example.cn/\"\n[outbound]\nnetworks = [\"10.20.0.0/16\"]\n[identity]\n\
             name = \"县统一认证\"\nissuer = \"https://id.example.cn\"\nclient_id = \"fuzhi\"\nclient_secret_file = \"secret\"\n",
        );
        let world = world.map_err(|said| panic!("{said}")).unwrap();
        assert_eq!(world.public_address.as_deref(), Some("https://fuzhi.example.cn"));
        assert_eq!(world.outbound.check("https://10.20.1.1/", Trust::Page), Ok(()));
        assert_eq!(world.provider.unwrap().client_secret.as_deref(), Some("s3cret"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let identity = "[identity]\nname = \"x\"\nissuer = \"https://id.cn\"\nclient_id = \"f\"\n";
        let at = "public_address = \"https://a.cn\"\n";
        for (text, said) in [
            (identity.to_owned(), "needs public_address"),
            (format!("{at}{identity}client_secret_file = \"gone\"\n"), "gone"),
            (format!("{at}{}", identity.replace("https://id.cn", "id.cn")), "issuer"),
            ("public_address = \"https://a.cn/fuzhi\"".to_owned(), "nothing behind it"),
            ("[outbound]\nnetworks = [\"office\"]".to_owned(), "office is no network"),
            ("adress = \"x\"".to_owned(), "adress"),
        ] {
            let answer = told(&text).err().unwrap_or_default();
            assert!(answer.contains(said) && answer.contains("fuzhi.toml"), "{text}: {answer}");
        }
    }
}
