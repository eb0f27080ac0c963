//! A tour through an engine's endpoints that notes what was called, what was refused, and which fields of the answers
//! no type knows.

use std::any::type_name;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use http_endpoint::{Descriptor, Endpoint, Kind, Method, Parameter, QueryWriter, RequestKind, SecretHeader};
use serde::de::DeserializeOwned;
use sock_transport::{Client, Error, Hijacked, RequestBody};
use wharf_tests::engine::{Engine, EngineVersion};
use wharf_tests::harness::TestResult;

/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which API of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// libpod, of a Podman.
    Libpod,
    /// The Docker Engine API, of Docker or of a Podman that is compatible with it.
    Docker,
}

/// One group's calls on one engine.
pub(crate) struct Tour {
    engine: Engine,
    client: Client,
    version: (u32, u32),
    prefix: String,
    called: BTreeSet<&'static str>,
    refused: BTreeSet<&'static str>,
    excused: BTreeMap<&'static str, String>,
    excused_errors: BTreeMap<&'static str, String>,
    excused_fields: BTreeMap<String, String>,
    unknown: BTreeSet<String>,
    removals: Vec<Pin<Box<dyn Future<Output = ()>>>>,
}

impl Tour {
    pub(crate) async fn new(engine: &Engine, api: Api, group: &str) -> TestResult<Self> {
        let bare = Client::unix(&engine.socket);
        let answer = bare.send(&EngineVersion::new()).await?;
        let text = |key: &str| answer[key].as_str().unwrap_or_default().to_owned();
        let (version, prefix) = match api {
            Api::Libpod => (text("Version"), libpod_api::prefix(&text("Version"))),
            Api::Docker => (text("ApiVersion"), format!("/v{}", text("ApiVersion"))),
        };
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        Ok(Self {
            engine: engine.clone(),
            client: bare.with_prefix(prefix),
            version,
            prefix: format!("wharf-api-{group}-{}", std::process::id()),
            called: BTreeSet::new(),
            refused: BTreeSet::new(),
            excused: BTreeMap::new(),
            excused_errors: BTreeMap::new(),
            excused_fields: BTreeMap::new(),
            unknown: BTreeSet::new(),
            removals: Vec::new(),
        })
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The engine's version: Podman's own, or that of Docker's API.
    pub(crate) fn version(&self) -> (u32, u32) {
        self.version
    }

    /// A client with the prefix of the API.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Calls below another path prefix from now on.
    pub(crate) fn set_path_prefix(&mut self, prefix: &str) {
        self.client = self.client.with_prefix(prefix);
    }

    /// A name of this run.
    pub(crate) fn name(&self, suffix: &str) -> String {
        format!("{}-{suffix}", self.prefix)
    }

    /// A label of this run, so that lists and prunes find nothing else.
    pub(crate) fn label(&self) -> (String, String) {
        ("wharf.api".to_owned(), self.prefix.clone())
    }

    /// An image that is there.
    pub(crate) fn image(&self) -> &'static str {
        "docker.io/library/busybox:latest"
    }

    /// The bed's registry, the same address for every engine.
    pub(crate) fn registry(&self) -> Option<String> {
        std::env::var("WHARF_TEST_REGISTRY").ok().filter(|address| !address.is_empty())
    }

    /// Sends this at the end, however the tour ends; the last one first.
    pub(crate) fn finally<E: Endpoint + 'static>(&mut self, endpoint: E) {
        let client = self.client.clone();
        self.removals.push(Box::pin(async move {
            // What is gone already needs no removal.
            let _ = tokio::time::timeout(PATIENCE, client.send(&endpoint)).await;
        }));
    }

    /// Calls an endpoint that answers with nothing, with text or with one JSON value.
    pub(crate) async fn call<E>(&mut self, endpoint: &E) -> TestResult<E::Response>
    where
        E: Endpoint,
        E::Response: DeserializeOwned,
    {
        self.upload(endpoint, None).await
    }

    /// As [`Self::call`], with a body where there is one.
    pub(crate) async fn upload<E>(
        &mut self,
        endpoint: &E,
        body: impl Into<Option<Vec<u8>>>,
    ) -> TestResult<E::Response>
    where
        E: Endpoint,
        E::Response: DeserializeOwned,
    {
        let raw = Raw(endpoint);
        let sent = async {
            match body.into() {
                None => self.client.send(&raw).await,
                Some(body) => {
                    self.client.send_with_body(&raw, RequestBody::from(bytes::Bytes::from(body))).await
                }
            }
        };
        let answer = in_time::<E, _>(sent).await??;
        self.called.insert(short::<E>());
        self.read::<E>(&answer)
    }

    /// The whole body of an endpoint that answers with bytes of any kind.
    pub(crate) async fn bytes<E: Endpoint>(&mut self, endpoint: &E) -> TestResult<Vec<u8>> {
        let all = async {
            let mut stream = self.client.stream(endpoint).await?;
            let mut all = Vec::new();
            while let Some(piece) = stream.next().await {
                all.extend_from_slice(&piece?);
            }
            Ok::<_, Error>(all)
        };
        let all = in_time::<E, _>(all).await?.map_err(|error| format!("{}: {error}", short::<E>()))?;
        self.called.insert(short::<E>());
        Ok(all)
    }

    /// The first values of a stream of JSON values, at most `limit` of them.
    pub(crate) async fn items<E>(&mut self, endpoint: &E, limit: usize) -> TestResult<Vec<E::Response>>
    where
        E: Endpoint,
        E::Response: DeserializeOwned,
    {
        self.upload_items(endpoint, None, limit).await
    }

    /// As [`Self::items`], with a body where there is one.
    pub(crate) async fn upload_items<E>(
        &mut self,
        endpoint: &E,
        body: impl Into<Option<Vec<u8>>>,
        limit: usize,
    ) -> TestResult<Vec<E::Response>>
    where
        E: Endpoint,
        E::Response: DeserializeOwned,
    {
        let raw = Raw(endpoint);
        let values = async {
            let mut stream = match body.into() {
                None => self.client.json_stream(&raw).await?,
                Some(body) => {
                    let body = RequestBody::from(bytes::Bytes::from(body));
                    self.client.json_stream_with_body(&raw, body).await?
                }
            };
            let mut values = Vec::new();
            while values.len() < limit {
                match stream.next().await {
                    Some(value) => values.push(value?),
                    None => break,
                }
            }
            Ok::<_, Error>(values)
        };
        let values = in_time::<E, _>(values).await?.map_err(|error| format!("{}: {error}", short::<E>()))?;
        self.called.insert(short::<E>());
        values.iter().map(|value| self.read::<E>(value)).collect()
    }

    /// Takes over the connection.
    pub(crate) async fn hijack<E: Endpoint>(&mut self, endpoint: &E) -> TestResult<Hijacked> {
        let session = in_time::<E, _>(self.client.hijack(endpoint)).await?;
        let session = session.map_err(|error| format!("{}: {error}", short::<E>()))?;
        self.called.insert(short::<E>());
        Ok(session)
    }

    /// Notes that an endpoint was called in another way than through the tour.
    pub(crate) fn called<E: Endpoint>(&mut self) {
        self.called.insert(short::<E>());
    }

    /// Calls an endpoint that the engine refuses with this status.
    pub(crate) async fn refused<E: Endpoint>(&mut self, endpoint: &E, status: u16) -> TestResult<Error> {
        self.upload_refused(endpoint, None, status).await
    }

    /// As [`Self::refused`], with a body where there is one.
    pub(crate) async fn upload_refused<E: Endpoint>(
        &mut self,
        endpoint: &E,
        body: impl Into<Option<Vec<u8>>>,
        status: u16,
    ) -> TestResult<Error> {
        let name = short::<E>();
        let sent = async {
            match (E::KIND, body.into()) {
                (Kind::Hijacked, _) => self.client.hijack(endpoint).await.map(drop),
                (_, None) => self.client.stream(endpoint).await.map(drop),
                (_, Some(body)) => {
                    let body = RequestBody::from(bytes::Bytes::from(body));
                    self.client.stream_with_body(endpoint, body).await.map(drop)
                }
            }
        };
        match in_time::<E, _>(sent).await? {
            Ok(()) => Err(format!("{name} was expected to be refused with {status}").into()),
            Err(error) if error.status() == Some(status) => {
                self.refused.insert(name);
                Ok(error)
            }
            Err(error) => Err(format!("{name} was expected to be refused with {status}: {error}").into()),
        }
    }

    /// This endpoint cannot be called here, and why.
    pub(crate) fn excuse<E: Endpoint>(&mut self, reason: &str) {
        self.excused.insert(short::<E>(), reason.to_owned());
    }

    /// This endpoint is never refused, and why.
    pub(crate) fn excuse_error<E: Endpoint>(&mut self, reason: &str) {
        self.excused_errors.insert(short::<E>(), reason.to_owned());
    }

    /// A field that the types leave out, as the trial prints it (`Type: a.b[].c`; what follows it is left out, too),
    /// and why.
    pub(crate) fn excuse_field(&mut self, path: &str, reason: &str) {
        self.excused_fields.insert(path.to_owned(), reason.to_owned());
    }

    /// Reads an answer as the endpoint says and notes the fields that it does not know.
    fn read<E>(&mut self, body: &[u8]) -> TestResult<E::Response>
    where
        E: Endpoint,
        E::Response: DeserializeOwned,
    {
        let name = short::<E>();
        let value = E::decode(body).map_err(|error| {
            format!("{name}: {error}\n{}", String::from_utf8_lossy(&body[..body.len().min(4000)]))
        })?;
        if matches!(E::KIND, Kind::Json | Kind::JsonStream) && !body.is_empty() {
            let unknown = &mut self.unknown;
            let mut note = |path: serde_ignored::Path<'_>| {
                unknown.insert(format!("{name}: {}", plain(&path.to_string())));
            };
            let mut reader = serde_json::Deserializer::from_slice(body);
            let _: Option<E::Response> = serde_ignored::deserialize(&mut reader, &mut note)
                .map_err(|error| format!("{name}, audited: {error}"))?;
        }
        Ok(value)
    }

    /// Removes what is left, and says what is missing.
    pub(crate) async fn finish(mut self, endpoints: &[Descriptor], result: TestResult) -> Result<(), String> {
        while let Some(removal) = self.removals.pop() {
            removal.await;
        }
        result.map_err(|error| error.to_string())?;
        let mut missing = Vec::new();
        for one in endpoints {
            if one.since.is_some_and(|since| self.is_older_than(since)) {
                continue;
            }
            let what = format!("{} ({} {})", one.name, one.method, one.path);
            if let Some(reason) = self.excused.get(one.name) {
                println!("{}: {what} cannot be called: {reason}", self.engine.name);
                continue;
            }
            if !self.called.contains(one.name) {
                missing.push(format!("{what} was not called"));
            }
            match self.excused_errors.get(one.name) {
                Some(reason) => println!("{}: {what} is never refused: {reason}", self.engine.name),
                None if !self.refused.contains(one.name) => missing.push(format!("{what} was not refused")),
                None => {}
            }
        }
        for field in &self.unknown {
            match self.excused_fields.iter().find(|(path, _)| is_within(field, path)) {
                Some((_, reason)) => println!("{}: {field} is left out: {reason}", self.engine.name),
                None => missing.push(format!("no type knows {field}")),
            }
        }
        if missing.is_empty() { Ok(()) } else { Err(missing.join("\n")) }
    }

    fn is_older_than(&self, since: &str) -> bool {
        let mut numbers = since.split('.').map(|part| part.parse().unwrap_or(0));
        self.version < (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    }
}

/// Whether a field is the excused one or below it.
fn is_within(field: &str, excused: &str) -> bool {
    field.strip_prefix(excused).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// `0.?.Config.3.Name` as `[].Config[].Name`.
fn plain(path: &str) -> String {
    let mut plain = String::new();
    for part in path.split('.').filter(|part| *part != "?") {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            plain.push_str("[]");
        } else {
            if !plain.is_empty() {
                plain.push('.');
            }
            plain.push_str(part);
        }
    }
    plain
}

/// The name of an endpoint's type.
fn short<E>() -> &'static str {
    let name = type_name::<E>();
    name.rsplit("::").next().unwrap_or(name)
}

async fn in_time<E, F: Future>(call: F) -> TestResult<F::Output> {
    tokio::time::timeout(PATIENCE, call)
        .await
        .map_err(|_| format!("{} did not answer within {PATIENCE:?}", short::<E>()).into())
}

/// An endpoint whose answer stays as it is.
struct Raw<'a, E>(&'a E);

impl<E: Endpoint> Endpoint for Raw<'_, E> {
    type Response = Vec<u8>;

    const METHOD: Method = E::METHOD;
    const PATH: &'static str = E::PATH;
    const QUERY: &'static [Parameter] = E::QUERY;
    const SUCCESS: &'static [u16] = E::SUCCESS;
    const KIND: Kind = E::KIND;
    const REQUEST: RequestKind = E::REQUEST;

    fn write_path(&self, path: &mut String) {
        self.0.write_path(path);
    }

    fn write_query(&self, query: &mut QueryWriter) {
        self.0.write_query(query);
    }

    fn headers(&self) -> Vec<(&'static str, SecretHeader)> {
        self.0.headers()
    }

    fn body(&self) -> Result<Option<Vec<u8>>, serde_json::Error> {
        self.0.body()
    }

    fn decode(body: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
        Ok(body.to_vec())
    }
}
