//! Which files, which directory, which name: what callers and `COMPOSE_*` variables say (sections 2.2 to 2.7 of the rules).

use compose_file::{Code, LoadError, LoadOptions, Loaded, MemoryFiles, load};

fn memory(files: &[(&str, &str)]) -> MemoryFiles {
    files.iter().fold(MemoryFiles::new(), |memory, (path, text)| memory.with(*path, *text))
}

fn image(loaded: &Result<Loaded, LoadError>) -> &str {
    let loaded = loaded.as_ref().unwrap_or_else(|error| panic!("{error}"));
    loaded.project.services["a"].image.as_deref().unwrap_or_default()
}

/// 2.5: the first name of the list counts, and its directory's first override.
#[test]
fn names_of_files_in_their_order() {
    let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    let overrides = [
        "compose.override.yml",
        "compose.override.yaml",
        "docker-compose.override.yml",
        "docker-compose.override.yaml",
    ];
    for start in 0..names.len() {
        let mut files = MemoryFiles::new();
        for name in &names[start..] {
            files = files.with(format!("/p/{name}"), format!("services: {{a: {{image: {name}}}}}"));
        }
        for name in &overrides[start..] {
            files = files.with(format!("/p/{name}"), format!("services: {{a: {{hostname: {name}}}}}"));
        }
        let loaded = load(&LoadOptions::new("/p").with_file_source(files));
        assert_eq!(image(&loaded), names[start]);
        let loaded = loaded.unwrap();
        assert_eq!(loaded.project.services["a"].hostname.as_deref(), Some(overrides[start]));
    }
}

/// 2.5: an override is looked for only where the file was found, not where it was named.
#[test]
fn overrides_do_not_go_with_named_files() {
    let files = memory(&[
        ("/p/compose.yaml", "services: {a: {image: x}}"),
        ("/p/compose.override.yaml", "services: {a: {image: y}}"),
    ]);
    let found = LoadOptions::new("/p").with_file_source(files);
    assert_eq!(image(&load(&found)), "y");
    assert_eq!(image(&load(&found.clone().with_file("compose.yaml"))), "x");
    assert_eq!(image(&load(&found.with_environment([("COMPOSE_FILE", "compose.yaml")]))), "x");
}

/// 2.4 and 2.5: lists of files, and what parts them.
#[test]
fn lists_of_files() {
    let files =
        memory(&[("/p/one.yaml", "services: {a: {image: x}}"), ("/p/two.yaml", "services: {a: {image: y}}")]);
    let base = LoadOptions::new("/p").with_file_source(files);
    for variables in [
        &[("COMPOSE_FILE", "one.yaml:two.yaml")][..],
        &[("COMPOSE_FILE", "one.yaml,two.yaml"), ("COMPOSE_PATH_SEPARATOR", ",")],
    ] {
        assert_eq!(image(&load(&base.clone().with_environment(variables.iter().copied()))), "y");
    }
    // What the caller names counts before the variable.
    let named = base.with_environment([("COMPOSE_FILE", "two.yaml")]).with_file("one.yaml");
    assert_eq!(image(&load(&named)), "x");
}

/// 2.5: all relative paths are relative to one directory.
#[test]
fn the_project_directory() {
    let files = memory(&[
        ("/p/sub/one.yaml", "services: {a: {image: x, build: .}}"),
        ("/p/sub/.env", "A=1"),
        ("/p/other/there", ""),
    ]);
    let base = LoadOptions::new("/p").with_file_source(files).with_file("sub/one.yaml");
    let context = |options: &LoadOptions| {
        let loaded = load(options).unwrap_or_else(|error| panic!("{error}"));
        let build = loaded.project.services["a"].build.clone().unwrap();
        (build.context.unwrap_or_default(), loaded.project.name)
    };
    assert_eq!(context(&base), ("/p/sub".to_owned(), "sub".to_owned()));
    let given = base.with_project_directory("other");
    assert_eq!(context(&given), ("/p/other".to_owned(), "other".to_owned()));
}

/// 2.2: which environment files are read, and which value counts.
#[test]
fn environment_files_of_the_project() {
    let files = memory(&[
        ("/w/.env", "A=working\nB=working"),
        ("/p/.env", "A=project\nC=project"),
        ("/p/compose.yaml", "services: {a: {image: '${A}-${B}-${C}'}}"),
        ("/w/one.env", "A=one\nB=one"),
        ("/w/two.env", "B=two"),
    ]);
    let base = LoadOptions::new("/w").with_file_source(files);
    for (options, expected) in [
        // The directory of the file alone, since the file is named.
        (base.clone().with_file("/p/compose.yaml"), "project--project"),
        // The working directory first, where a variable in it leads to the file.
        (base.clone().with_environment([("COMPOSE_FILE", "/p/compose.yaml")]), "working-working-project"),
        (
            base.clone().with_file("/p/compose.yaml").with_env_file("one.env").with_env_file("two.env"),
            "one-two-",
        ),
        (
            base.clone()
                .with_file("/p/compose.yaml")
                .with_environment([("COMPOSE_ENV_FILES", "one.env,two.env")]),
            "one-two-",
        ),
        (
            base.clone()
                .with_file("/p/compose.yaml")
                .with_environment([("COMPOSE_DISABLE_ENV_FILE", "true"), ("C", "mine")]),
            "--mine",
        ),
        (base.with_file("/p/compose.yaml").with_environment([("A", "mine")]), "mine--project"),
    ] {
        assert_eq!(image(&load(&options)), expected);
    }
}

/// 2.6: where the name comes from, and what it may be.
#[test]
fn names_of_projects() {
    let files = |dir: &str, text: &str| {
        let files = MemoryFiles::new().with(format!("{dir}/compose.yaml"), text);
        LoadOptions::new(dir).with_file_source(files)
    };
    let plain = "services: {a: {image: x}}";
    for (dir, name) in [("/My.Dir-X_1", "mydir-x_1"), ("/__x", "x"), ("/-_a", "a")] {
        assert_eq!(load(&files(dir, plain)).unwrap().project.name, name);
    }
    for options in [
        files("/...", plain),
        files("/p", plain).with_project_name("Up"),
        files("/p", plain).with_project_name("-x"),
        files("/p", plain).with_environment([("COMPOSE_PROJECT_NAME", "a.b")]),
    ] {
        let error = load(&options).unwrap_err();
        assert_eq!(
            error.errors().map(|error| error.code).collect::<Vec<_>>(),
            [Code::ProjectName],
            "{error}"
        );
    }
    // An empty variable is none.
    let empty = files("/p", plain).with_environment([("COMPOSE_PROJECT_NAME", "")]);
    assert_eq!(load(&empty).unwrap().project.name, "p");
}

/// 2.7: naming a service activates its profiles, `*` all of them; the caller's list counts before the variable.
#[test]
fn profiles() {
    let text = "services: {a: {image: x}, b: {image: x, profiles: [p]}, c: {image: x, profiles: [p, q]}, d: {image: x, profiles: [r]}}";
    let base = LoadOptions::new("/p").with_file_source(memory(&[("/p/compose.yaml", text)]));
    let on =
        |options: &LoadOptions| load(options).unwrap().project.services.keys().cloned().collect::<String>();
    assert_eq!(on(&base), "a");
    assert_eq!(on(&base.clone().with_profile("q")), "ac");
    assert_eq!(on(&base.clone().with_profile("q").with_profile("r")), "acd");
    assert_eq!(on(&base.clone().with_profile("*")), "abcd");
    assert_eq!(on(&base.clone().with_services(["b"])), "abc");
    let variable = base.with_environment([("COMPOSE_PROFILES", "p")]);
    assert_eq!(on(&variable), "abc");
    assert_eq!(on(&variable.with_profile("r")), "ad");
}
