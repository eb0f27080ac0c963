//! Processes that a client is connected to.

use crate::Endpoint;

/// A request that connects a client to a process: an exec, or an attach to a container. It knows the calls
/// that belong to that process.
///
/// A transport opens the session with [`Self::start`], whose kind is [`Kind::Hijacked`](crate::Kind::Hijacked),
/// reads its output as [`Self::terminal`] says, and makes the other calls beside it: see `Client::session` of
/// `sock-transport`.
///
/// A person who detaches by keys ends the output and not the process. Podman knows such keys only when each comes
/// in a piece of its own, as they do from a keyboard; version 4.3 then says `Error: detached from container` on the
/// output.
///
/// # How an API crate implements it
/// Where the request itself tells whether there is a terminal (an exec's does), implement it on the request,
/// with `start` giving `self`. Where it does not (an attach), declare a small struct that holds the request and
/// what the caller found out by inspecting the container.
///
/// ```
/// use http_endpoint::{SessionRequest, endpoint, request, response};
/// # request! { pub struct StartOptions { tty / with_tty: bool = "Tty" } }
/// # response! { pub struct ExecState { running: bool = "running", exit_code: Option<i64> = "exit_code" } }
/// # response! { pub struct Ended { status_code: i64 = "status_code" } }
///
/// endpoint! {
///     /// Starts an exec with its streams on this connection.
///     POST "/exec/{id}/start" => hijacked, [101, 200];
///     pub struct ExecStart {
///         path { /** Which. */ id }
///         json { /** How. */ options: StartOptions }
///     }
/// }
/// endpoint! {
///     /// The state of an exec.
///     GET "/exec/{id}/json" => json<ExecState>, [200];
///     pub struct ExecInspect { path { /** Which. */ id } }
/// }
/// endpoint! {
///     /// Sets the size of an exec's terminal.
///     POST "/exec/{id}/resize" => none, [200, 201];
///     pub struct ExecResize {
///         path { /** Which. */ id }
///         query {
///             /// Rows.
///             h / with_h: Option<u16> = "h",
///             /// Columns.
///             w / with_w: Option<u16> = "w",
///         }
///     }
/// }
///
/// // An exec: its state is asked for until it has ended.
/// impl SessionRequest for ExecStart {
///     type Start = Self;
///     type Resize = ExecResize;
///     type State = ExecInspect;
///
///     fn start(&self) -> &Self {
///         self
///     }
///     fn terminal(&self) -> bool {
///         self.options.tty
///     }
///     fn resize(&self, rows: u16, columns: u16) -> ExecResize {
///         ExecResize::new(&self.id).with_h(rows).with_w(columns)
///     }
///     fn state(&self) -> ExecInspect {
///         ExecInspect::new(&self.id)
///     }
///     fn exit_code(state: &ExecState) -> Option<i64> {
///         // One engine says 0 while it runs, another nothing at all.
///         state.exit_code.filter(|_| !state.running)
///     }
/// }
/// # endpoint! {
/// #     /// Attaches to a container.
/// #     POST "/containers/{id}/attach" => hijacked, [101, 200];
/// #     pub struct ContainerAttach { path { /** Which. */ id } }
/// # }
/// # endpoint! {
/// #     /// Waits for a container.
/// #     POST "/containers/{id}/wait" => json<Ended>, [200];
/// #     pub struct ContainerWait { path { /** Which. */ id } }
/// # }
/// # endpoint! {
/// #     /// Sets the size of a container's terminal.
/// #     POST "/containers/{id}/resize" => none, [200];
/// #     pub struct ContainerResize {
/// #         path { /** Which. */ id }
/// #         query { /** Rows. */ h / with_h: Option<u16> = "h", /** Columns. */ w / with_w: Option<u16> = "w" }
/// #     }
/// # }
///
/// /// An attach and what the container's inspection said.
/// pub struct AttachSession {
///     pub attach: ContainerAttach,
///     pub terminal: bool,
/// }
///
/// // An attach: a wait answers when the container has ended, and not before.
/// impl SessionRequest for AttachSession {
///     type Start = ContainerAttach;
///     type Resize = ContainerResize;
///     type State = ContainerWait;
///     const STATE_WAITS: bool = true;
///
///     fn start(&self) -> &ContainerAttach {
///         &self.attach
///     }
///     fn terminal(&self) -> bool {
///         self.terminal
///     }
///     fn resize(&self, rows: u16, columns: u16) -> ContainerResize {
///         ContainerResize::new(&self.attach.id).with_h(rows).with_w(columns)
///     }
///     fn state(&self) -> ContainerWait {
///         ContainerWait::new(&self.attach.id)
///     }
///     fn exit_code(ended: &Ended) -> Option<i64> {
///         Some(ended.status_code)
///     }
/// }
/// # let start = ExecStart::new("e1", StartOptions { tty: true });
/// # use http_endpoint::Endpoint;
/// # assert!(start.terminal());
/// # assert_eq!(start.resize(24, 80).target(""), "/exec/e1/resize?h=24&w=80");
/// # let state = |json: &str| ExecStart::exit_code(&ExecInspect::decode(json.as_bytes()).unwrap());
/// # assert_eq!(state(r#"{"running":true,"exit_code":0}"#), None);
/// # assert_eq!(state(r#"{"running":false,"exit_code":3}"#), Some(3));
/// ```
pub trait SessionRequest: Send + Sync {
    /// The request that hands over the connection.
    type Start: Endpoint;
    /// The request that sets the size of the terminal.
    type Resize: Endpoint;
    /// The request that tells whether the process has ended, and how.
    type State: Endpoint;

    /// Whether [`Self::State`] answers only when the process has ended (a container's wait), rather than at
    /// once with what is so now (an exec's inspection). The first is sent once and without a deadline for its
    /// answer, the other again and again until there is an exit code.
    const STATE_WAITS: bool = false;

    /// The request that hands over the connection.
    fn start(&self) -> &Self::Start;

    /// Whether the process has a terminal. Its output is raw bytes then, and frames of stdout and stderr
    /// otherwise. What the answer's `Content-Type` says is no help: Podman's compatible API calls frames
    /// `raw-stream`, too.
    ///
    /// One answer is neither: Podman 4.3 replays the log of an attach that asks for it (`logs`) without frames,
    /// whatever the container has. Read the log on its own there, and attach without it.
    fn terminal(&self) -> bool;

    /// A request that sets the size of the terminal.
    fn resize(&self, rows: u16, columns: u16) -> Self::Resize;

    /// A request for the state of the process.
    fn state(&self) -> Self::State;

    /// The exit code in an answer of [`Self::State`]; `None` while the process runs.
    fn exit_code(state: &<Self::State as Endpoint>::Response) -> Option<i64>;
}
