//! Applies a policy to two CSV files: `apply POLICY.toml PERSONS.csv HOUSEHOLDS.csv OUT.csv [line=2000..6750/250]`.

use rulebook::Policy;
use rulebook::apply::{Sweep, apply};
use std::error::Error;
use std::fs;
use std::io::BufWriter;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [policy, persons, households, out, sweep @ ..] = &args[..] else {
        return Err("apply POLICY.toml PERSONS.csv HOUSEHOLDS.csv OUT.csv [parameter=from..to/step]".into());
    };
    let policy = Policy::parse(&[(policy, fs::read_to_string(policy)?)])
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let sweep = sweep.first().map(|text| Sweep::parse(text)).transpose()?;
    let (persons, households) = (fs::read(persons)?, fs::read(households)?);
    let mut out = BufWriter::new(fs::File::create(out)?);
    apply(&policy, &persons, &households, sweep.as_ref(), &mut out)?;
    Ok(())
}
