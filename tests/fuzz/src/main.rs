//! Writes the seeds into `DIR/<target>/`, where a fuzzer looks for them.

use std::path::Path;
use std::{env, fs, io};

use cachewarden_fuzz::{TARGETS, seeds};

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1) else {
        return Err(io::Error::other("name the folder to write to"));
    };
    for target in TARGETS {
        let folder = Path::new(&folder).join(target.name);
        fs::create_dir_all(&folder)?;
        for (name, bytes) in seeds(target.name) {
            fs::write(folder.join(name), bytes)?;
        }
    }
    Ok(())
}
