//! Containers of the image, run by podman as an operator would, and what the system says of them.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

/// How long a start or an end may take before it is called a failure.
const PATIENCE: Duration = Duration::from_secs(60);

/// The podman that `cargo xtask test image` keeps for this run, with the image in it. What is left of a run ends with it.
pub(crate) struct Podman {
    program: PathBuf,
    port: u16,
}

impl Podman {
    /// The one that the environment names.
    pub(crate) fn given() -> Self {
        let program =
            std::env::var_os("DESKSIDE_TEST_PODMAN").expect("run `cargo xtask test image`, which builds the image");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { program: program.into(), port }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.arg(&self.program).args(words).stdin(Stdio::null());
        command
    }

    async fn ask(&self, words: &[&str]) -> String {
        let output = self.command(words).output().await.unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What the image weighs unpacked.
    pub(crate) async fn image_bytes(&self) -> u64 {
        self.ask(&["image", "inspect", "--format", "{{.Size}}", "deskside"]).await.parse().unwrap()
    }

    /// Starts the image on the volume, confined as far as it goes: a read-only root, no capabilities.
    pub(crate) fn run(&self) -> Container {
        self.start(&[])
    }

    /// The same with another folder for the record.
    pub(crate) fn run_on(&self, data: &str) -> Container {
        self.start(&["--env", &format!("DESKSIDE_DATA={data}")])
    }

    fn start(&self, more: &[&str]) -> Container {
        let name = format!("deskside-{}", self.port);
        let listen = format!("DESKSIDE_LISTEN=0.0.0.0:{}", self.port);
        let mut command =
            self.command(&["run", "--rm", "--name", &name, "--volume", "deskside:/data", "--env", &listen]);
        // The machine's own network and these limits ask least of the system that the test runs on.
        command.args(["--network", "host", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"]);
        command.args([
            "--read-only",
            "--read-only-tmpfs=false",
            "--cap-drop",
            "all",
            "--security-opt",
            "no-new-privileges",
        ]);
        let mut child =
            command.args(more).arg("deskside").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut log = child.stderr.take().unwrap();
        let log = tokio::spawn(async move {
            let mut text = String::new();
            log.read_to_string(&mut text).await.unwrap();
            text
        });
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let podman = Self { program: self.program.clone(), port: self.port };
        Container { podman, name, child, stdout, output: String::new(), log }
    }
}

/// A container that runs.
pub(crate) struct Container {
    podman: Podman,
    name: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What was read of its standard output.
    output: String,
    log: JoinHandle<String>,
}

/// How a container ended, and what it said.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) took: Duration,
    pub(crate) output: String,
    pub(crate) log: String,
}

impl Container {
    /// Waits for a line of its standard output and gives what follows these words.
    pub(crate) async fn line(&mut self, words: &str) -> String {
        let found = async {
            loop {
                let start = self.output.len();
                assert_ne!(self.stdout.read_line(&mut self.output).await.unwrap(), 0, "it ended without {words:?}");
                if let Some((_, rest)) = self.output[start..].split_once(words) {
                    return rest.trim().to_owned();
                }
            }
        };
        tokio::time::timeout(PATIENCE, found).await.unwrap_or_else(|_| panic!("never said: {words}"))
    }

    /// The relay's process.
    pub(crate) async fn process(&self) -> Process {
        let id = self.podman.ask(&["inspect", "--format", "{{.State.Pid}}", &self.name]).await;
        Process { folder: PathBuf::from("/proc").join(id) }
    }

    /// Whether the image's own check of its health finds it well.
    pub(crate) async fn is_healthy(&self) -> bool {
        self.podman.command(&["healthcheck", "run", &self.name]).status().await.unwrap().success()
    }

    /// Runs the relay's program inside it, and gives what it complains of.
    pub(crate) async fn refuses(&self, words: &[&str]) -> String {
        let output = self.podman.command(&["exec", &self.name, "/deskside"]).args(words).output().await.unwrap();
        assert!(!output.status.success(), "{words:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Has it end by SIGTERM.
    pub(crate) async fn terminate(self) -> Ended {
        let asked = Instant::now();
        self.podman.ask(&["kill", "--signal", "TERM", &self.name]).await;
        let ended = self.ended_within(PATIENCE).await;
        Ended { took: asked.elapsed(), ..ended }
    }

    /// Waits until it has ended.
    pub(crate) async fn ended_within(mut self, patience: Duration) -> Ended {
        let begun = Instant::now();
        let rest = async {
            self.stdout.read_to_string(&mut self.output).await.unwrap();
            self.child.wait().await.unwrap()
        };
        let status = tokio::time::timeout(patience, rest).await.expect("it did not end");
        Ended { status, took: begun.elapsed(), output: self.output, log: self.log.await.unwrap() }
    }
}

/// A process as the system sees it from outside.
pub(crate) struct Process {
    folder: PathBuf,
}

impl Process {
    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// A line of its status.
    pub(crate) fn status(&self, name: &str) -> String {
        let status = self.read("status");
        status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
    }

    /// Whether its root can only be read.
    pub(crate) fn root_is_read_only(&self) -> bool {
        // The mount point is the fifth word of a line, how it is mounted the sixth.
        self.read("mountinfo").lines().any(|line| {
            let mut words = line.split(' ').skip(4);
            words.next() == Some("/") && words.next().is_some_and(|how| how.split(',').any(|word| word == "ro"))
        })
    }
}
