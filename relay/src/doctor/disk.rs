//! The disks of the data folder and of the files: room, kind, and whether one can write there.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::looked::Looked;
use super::running::Running;
use super::thread::on_thread;
use super::{Check, Setup};

const GIB: u64 = 1024 * 1024 * 1024;
/// Below so many bytes, or so many hundredths, a disk counts as full.
const FREE_MIN_BYTES: u64 = GIB;
const FREE_MIN_PERCENT: u64 = 5;

/// Looks at the disks.
pub(super) struct Disk;

#[async_trait]
impl Check for Disk {
    fn name(&self) -> &'static str {
        "disk"
    }

    async fn look(&self, setup: &Setup, _: Running, looked: &mut Looked) {
        let mut folders = vec![("the data folder", setup.data.clone())];
        let url = setup.files_url.as_deref();
        folders
            .extend(url.and_then(|url| url.strip_prefix("file://")).map(|path| ("the folder of files", path.into())));
        for (what, folder) in folders {
            let holds_record = what == "the data folder" && setup.database_url.is_none();
            let shown = folder.display().to_string();
            match on_thread(move || about(&folder)).await.flatten() {
                Ok(about) => told(&format!("{what} {shown}"), &about, holds_record, looked),
                Err(error) => looked.bad(
                    format!("{what} {shown} cannot be used: {error}"),
                    "let it belong to the user that the relay runs as, and look for the fault in the system's log",
                ),
            }
        }
    }
}

/// What the system says of a folder.
struct About {
    /// Nothing where the system does not tell.
    room: Option<Room>,
    /// The file system's name, such as `ext4`, where it can be found out.
    kind: Option<String>,
    /// Whether it is there; else it is the folder above that was looked at.
    is_there: bool,
    others_may_enter: bool,
}

/// The room on a disk.
#[derive(Clone, Copy, Debug)]
struct Room {
    free_bytes: u64,
    all_bytes: u64,
    free_files: u64,
    /// Zero where a file system does not count.
    all_files: u64,
}

fn about(folder: &Path) -> io::Result<About> {
    let absolute = std::path::absolute(folder)?;
    let there = absolute.ancestors().find(|path| path.exists()).ok_or(io::ErrorKind::NotFound)?.canonicalize()?;
    let is_there = folder.exists();
    write_into(&there)?;
    let others_may_enter = is_there && others_may_enter(&there)?;
    Ok(About { room: room(&there)?, kind: kind(&there), is_there, others_may_enter })
}

/// Writes a file and takes it away again.
fn write_into(folder: &Path) -> io::Result<()> {
    let probe: PathBuf = folder.join(format!(".deskside-doctor-{}", store::secret::hex(&store::secret::random::<8>())));
    let written = std::fs::write(&probe, b"room");
    let removed = std::fs::remove_file(&probe);
    written.and(removed)
}

#[cfg(unix)]
fn room(folder: &Path) -> io::Result<Option<Room>> {
    let said = rustix::fs::statvfs(folder)?;
    Ok(Some(Room {
        free_bytes: said.f_bavail.saturating_mul(said.f_frsize),
        all_bytes: said.f_blocks.saturating_mul(said.f_frsize),
        free_files: said.f_favail,
        all_files: said.f_files,
    }))
}

#[cfg(not(unix))]
fn room(_: &Path) -> io::Result<Option<Room>> {
    Ok(None)
}

#[cfg(unix)]
fn others_may_enter(folder: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::metadata(folder)?.permissions().mode() & 0o007 != 0)
}

#[cfg(not(unix))]
fn others_may_enter(_: &Path) -> io::Result<bool> {
    Ok(false)
}

/// The kind of the file system that a folder is on, where the system tells: by the longest mount point above it.
fn kind(folder: &Path) -> Option<String> {
    kind_in(&std::fs::read_to_string("/proc/self/mountinfo").ok()?, folder)
}

/// A line is `id parent device root mount-point options… - kind source options`; spaces are written `\040`.
fn kind_in(mounts: &str, folder: &Path) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let point = before.split(' ').nth(4)?.replace("\\040", " ");
        folder.starts_with(&point).then(|| (point.len(), after.split(' ').next().unwrap_or_default().to_owned()))
    });
    // Of two at one point the later one covers the earlier.
    mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind)
}

fn told(what: &str, about: &About, holds_record: bool, looked: &mut Looked) {
    match about.room {
        Some(room) => room_told(what, room, looked),
        None => looked.not_checked(format!("the system does not tell how much room {what} has")),
    }
    if !about.is_there {
        looked.fact("made at the first start");
    }
    if about.others_may_enter {
        looked.note(
            format!("others on this machine may look into {what}"),
            "run `chmod 700` on it: what clients wrote lies there, readable",
        );
    }
    match about.kind.as_deref() {
        Some(
            kind @ ("nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p" | "afs" | "ceph" | "glusterfs" | "fuse.sshfs"),
        ) if holds_record => {
            looked.bad(
                format!("{what} is on a disk over the network ({kind}), where SQLite's locks and its WAL do not work"),
                "put it on a disk of this machine, or keep the record in PostgreSQL (DESKSIDE_DATABASE_URL)",
            );
        }
        Some("tmpfs" | "ramfs") => looked.note(
            format!("{what} is in memory, and is gone with the next restart of the machine"),
            "put it on a disk, except for a trial",
        ),
        Some("overlay") => looked.note(
            format!("{what} is inside the container itself, and is gone when the container is made anew"),
            "give the container a volume for it, such as `-v deskside:/data`",
        ),
        _ => {}
    }
}

fn room_told(what: &str, room: Room, looked: &mut Looked) {
    let percent = |free: u64, all: u64| free.saturating_mul(100).checked_div(all).unwrap_or(100);
    let (bytes, files) = (percent(room.free_bytes, room.all_bytes), percent(room.free_files, room.all_files));
    let gib = format!("{}.{} GiB", room.free_bytes / GIB, room.free_bytes % GIB * 10 / GIB);
    if room.free_bytes < FREE_MIN_BYTES || bytes < FREE_MIN_PERCENT {
        looked.bad(
            format!("the disk of {what} is nearly full: {gib} ({bytes} %) are free"),
            "make room, or enlarge the disk: when it is full, messages are refused until there is room again",
        );
    } else if files < FREE_MIN_PERCENT {
        looked.bad(
            format!("the disk of {what} has nearly no room for more files: {files} % of its inodes are free"),
            "take away many small files of other programs, or make the file system anew with more inodes (`df -i`)",
        );
    } else {
        looked.fact(format!("{what} has {gib} free"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Grade;

    fn grade(room: Room) -> Grade {
        let mut looked = Looked::default();
        room_told("the data folder", room, &mut looked);
        looked.findings("disk")[0].grade
    }

    #[test]
    fn a_gibibyte_and_five_hundredths_are_wanted_of_bytes_and_of_inodes() {
        let good = Room { free_bytes: 2 * GIB, all_bytes: 40 * GIB, free_files: 50, all_files: 1_000 };
        assert_eq!(grade(good), Grade::Ok);
        assert_eq!(grade(Room { free_files: 0, all_files: 0, ..good }), Grade::Ok, "some do not count inodes");
        assert_eq!(grade(Room { free_bytes: GIB - 1, all_bytes: 2 * GIB, ..good }), Grade::Bad);
        assert_eq!(grade(Room { all_bytes: 41 * GIB, ..good }), Grade::Bad);
        assert_eq!(grade(Room { free_files: 49, ..good }), Grade::Bad);
    }

    #[test]
    fn the_kind_of_a_disk_is_that_of_the_nearest_mount() {
        let mounts = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
            36 22 0:33 / /srv/chat\\040data rw - nfs4 files:/chat rw\n\
            37 22 0:34 / /srv/chat rw - xfs /dev/sdb1 rw\n";
        let kind = |path: &str| kind_in(mounts, Path::new(path)).unwrap();
        assert_eq!(kind("/var/lib/deskside"), "ext4");
        assert_eq!(kind("/srv/chat data/x"), "nfs4");
        assert_eq!(kind("/srv/chat/x"), "xfs");
        assert_eq!(kind("/srv/chatter"), "ext4");
    }

    #[test]
    fn a_real_folder_tells_its_room_and_keeps_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let about = about(folder.path()).unwrap();
        let room = about.room.unwrap();
        assert!(about.is_there && room.all_bytes >= room.free_bytes && room.all_bytes > 0);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let coming = super::about(&folder.path().join("data")).unwrap();
        assert!(!coming.is_there);
    }

    #[test]
    fn sqlite_over_a_network_is_bad_and_files_there_are_fine() {
        let room = Room { free_bytes: 2 * GIB, all_bytes: 4 * GIB, free_files: 1, all_files: 1 };
        let about = About { room: Some(room), kind: Some("nfs4".to_owned()), is_there: true, others_may_enter: false };
        let grades = [true, false].map(|holds_record| {
            let mut looked = Looked::default();
            told("the data folder", &about, holds_record, &mut looked);
            looked.findings("disk").into_iter().map(|finding| finding.grade).max_by_key(|grade| *grade == Grade::Bad)
        });
        assert_eq!(grades, [Some(Grade::Bad), Some(Grade::Ok)]);
    }
}
