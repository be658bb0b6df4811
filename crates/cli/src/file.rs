//! Files, written whole or not at all.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Its owner alone: what it holds describes a whole network.
    Owner,
    /// Whoever the process's mask lets.
    AsUsual,
}

/// Writes a file so that it is there whole or as it was before: a new file in
/// the same folder takes its place once it is on disk. What is no regular
/// file (a pipe, `/dev/null`) is written to as it is; a link is followed.
///
/// # Errors
///
/// If the file cannot be written, or `content` fails.
pub(crate) fn write(
    path: &Path,
    readers: Readers,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let path = target(path)?;
    let old = match fs::metadata(&path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            let mut file = BufWriter::new(fs::OpenOptions::new().write(true).open(&path)?);
            content(&mut file)?;
            return file.flush();
        }
        found => found.ok(),
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut new = builder(readers).tempfile_in(folder)?;
    if let (Some(old), Readers::AsUsual) = (old, readers) {
        new.as_file().set_permissions(old.permissions())?;
    }
    let mut buffer = BufWriter::new(new.as_file_mut());
    content(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    new.as_file().sync_all()?;
    new.persist(&path).map_err(|error| error.error)?;
    // The name is on disk only once its folder is; not every file system can.
    #[cfg(unix)]
    if let Ok(folder) = fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Where a link leads; the path itself where there is none.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(path),
        _ => Ok(path.to_owned()),
    }
}

fn builder(readers: Readers) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cachewarden-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = match readers {
            Readers::Owner => 0o600,
            // The process's mask takes away from it.
            Readers::AsUsual => 0o666,
        };
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = readers;
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, Readers::Owner, |out| out.write_all(b"first")).unwrap();
        let failed = write(&path, Readers::Owner, |out| {
            out.write_all(b"second")?;
            Err(io::Error::other("no more"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left behind"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_modes_kept() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, Readers::AsUsual, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o640
        );
        write(&link, Readers::Owner, |out| out.write_all(b"mine")).unwrap();
        assert_eq!(
            fs::metadata(&real).unwrap().permissions().mode() & 0o777,
            0o600
        );
        write(Path::new("/dev/null"), Readers::AsUsual, |out| {
            out.write_all(b"gone")
        })
        .unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
