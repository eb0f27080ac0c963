//! The answer of what makes something.

http_endpoint::response! {
    /// The id of what was made.
    pub struct IdResponse {
        /// Its id.
        id: String = "Id",
    }
}
