//! Every paper that is handed in passes the command which the installation names, before it is kept.

use std::io::Write;
use std::process::{Command, Stdio};

/// Names the command, such as `clamdscan --no-summary -`: it reads the paper on stdin and ends with 0 when it is clean.
/// A command that can't be started keeps everything out. Without one, papers are judged by their content alone.
pub fn scan_with(command: Option<String>) {
    let Some(command) = command else { return };
    papers::scan_with(Box::new(move |bytes| tokio::task::block_in_place(|| run(&command, bytes))));
}

fn run(command: &str, bytes: &[u8]) -> Result<(), String> {
    let mut words = command.split_whitespace();
    let program = words.next().ok_or("no scanner is named")?;
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| format!("the scanner can't be started: {cause}"))?;
    if let Some(mut paper) = child.stdin.take() {
        // A scanner may know before it has read everything; then it stops listening.
        let _ = paper.write_all(bytes);
    }
    match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the scanner says {status}")),
        Err(cause) => Err(format!("the scanner is lost: {cause}")),
    }
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn the_command_decides_by_how_it_ends() {
        assert_eq!(run("cat", b"a photo"), Ok(()));
        assert!(run("false", &[0; 1 << 20]).is_err());
        assert!(run("no-such-scanner", b"").unwrap_err().contains("can't be started"));
        assert!(run("", b"").is_err());
    }
}
