/// The command was called in a way that can't work: exit code 2, nothing was done.
#[derive(Debug)]
pub struct WrongUsage(String);

impl WrongUsage {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}
