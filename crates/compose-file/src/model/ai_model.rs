//! AI models, and their use by services.

use indexmap::IndexMap;
use serde_json::Value;

model! {
    /// A model of the project, by its key in `Project::models`.
    pub struct Model {
        /// A name of its own, where the file gives one.
        pub name: Option<String>,
        /// The model's OCI reference, such as `ai/smollm2`.
        pub model: String,
        /// How many tokens its context has; `None` is the runner's default.
        pub context_size: Option<i64>,
        /// Flags for the inference engine.
        pub runtime_flags: Vec<String>,
        /// The `x-*` elements of the model.
        #[serde(skip)]
        pub extensions: IndexMap<String, Value>,
    }

    /// How a service is told of a model.
    pub struct ModelUse {
        /// The variable that holds the address; `None` is `<MODEL>_URL`.
        pub endpoint_var: Option<String>,
        /// The variable that holds the model's name; `None` is `<MODEL>_MODEL`.
        pub model_var: Option<String>,
    }
}
