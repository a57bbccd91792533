//! What is laid aside comes back, wherever it lay.

use super::*;
use crate::Shelf;

#[test]
fn what_is_beyond_the_allowance_lies_in_a_file_of_its_owner_alone_and_comes_back() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let aside = folder.path().join("aside");
    let shelf = Shelf::new(&aside, 100);
    let drawer = shelf.drawer("rows");
    let things: Vec<Vec<u8>> = (0..9).map(|n| vec![n; 30 + usize::from(n)]).collect();
    let blobs: Vec<_> = things.iter().map(|bytes| drawer.put(bytes.clone()).unwrap()).collect();
    for (bytes, blob) in things.iter().zip(&blobs) {
        assert_eq!(drawer.get(blob).unwrap(), bytes.as_slice());
    }
    // 30, 31 and 32 bytes fit.
    assert_eq!(shelf.spilled(), (33..=38).sum::<u64>());
    let file = std::fs::metadata(aside.join("rows")).unwrap();
    assert_eq!((file.len(), file.permissions().mode() & 0o777), (shelf.spilled(), 0o600));
    // What is dropped makes room.
    drop(blobs);
    let spilled = shelf.spilled();
    drawer.put(vec![0; 100]).unwrap();
    assert_eq!(shelf.spilled(), spilled);
    drop(drawer);
    assert!(!aside.join("rows").exists());
}

/// Needs the right to mount; elsewhere nothing is tried.
#[test]
fn a_full_disk_is_told() {
    let folder = folder();
    let mount = |arguments: &[&str]| std::process::Command::new("mount").args(arguments).arg(folder.path()).output();
    if !mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).is_ok_and(|done| done.status.success()) {
        return;
    }
    let shelf = Shelf::new(folder.path(), 0);
    let drawer = shelf.drawer("rows");
    let fits = drawer.put(vec![7; 1 << 14]);
    let full = drawer.put(vec![7; 1 << 17]);
    let back = fits.and_then(|blob| drawer.get(&blob).map(|bytes| bytes.len()));
    drop(drawer);
    std::process::Command::new("umount").arg(folder.path()).output().unwrap();
    assert_eq!(back, Ok(1 << 14));
    let problem = full.unwrap_err();
    assert!(problem.reason.en.contains("disk is full"), "{problem}");
}
