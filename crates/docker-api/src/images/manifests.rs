//! The manifests of an image for several platforms, and what is known of its origin.

use http_endpoint::{Date, response, words};

use crate::{Descriptor, Platform};

words! {
    /// What a manifest is for.
    pub enum ImageManifestKind {
        /// An image.
        Image = "image",
        /// Statements about an image.
        Attestation = "attestation",
        /// Something that the engine does not know.
        Unknown = "unknown",
    }
}

response! {
    /// One manifest of an image for several platforms.
    pub struct ImageManifest {
        /// Its digest.
        id: String = "ID",
        /// What it is.
        descriptor: Descriptor = "Descriptor",
        /// Whether all of it is here.
        available: bool = "Available",
        /// Bytes.
        size: ManifestSize = "Size",
        /// What it is for.
        kind: ImageManifestKind = "Kind",
        /// Of an image.
        image_data: Option<ImageData> = "ImageData",
        /// Of statements about an image.
        attestation_data: Option<AttestationData> = "AttestationData",
    }
}

response! {
    /// Bytes of a manifest.
    pub struct ManifestSize {
        /// In all, unpacked files included.
        total: i64 = "Total",
        /// Of the blobs.
        content: i64 = "Content",
    }
}

response! {
    /// What a manifest says of an image.
    pub struct ImageData {
        /// Its platform.
        platform: Platform = "Platform",
        /// Ids of containers that use it.
        containers: Vec<String> = "Containers",
        /// Bytes.
        size: UnpackedSize = "Size",
        /// What is known of its origin, where it was asked for (API 1.54).
        identity: Option<Identity> = "Identity",
    }
}

response! {
    /// Bytes of an image's files.
    pub struct UnpackedSize {
        /// Unpacked.
        unpacked: i64 = "Unpacked",
    }
}

response! {
    /// What a manifest of statements says.
    pub struct AttestationData {
        /// Digest of the image that they are about.
        for_digest: String = "For",
    }
}

response! {
    /// What is known of an image's origin (API 1.53).
    pub struct Identity {
        /// Signatures that were looked at.
        signature: Vec<SignatureIdentity> = "Signature",
        /// Where it was pulled from.
        pull: Vec<PullIdentity> = "Pull",
        /// How it was built here.
        build: Vec<BuildIdentity> = "Build",
    }
}

response! {
    /// Where an image was pulled from.
    pub struct PullIdentity {
        /// The repository.
        repository: String = "Repository",
    }
}

response! {
    /// How an image was built here.
    pub struct BuildIdentity {
        /// Reference of the build.
        reference: String = "Ref",
        /// When.
        created_at: Date = "CreatedAt",
    }
}

response! {
    /// A signature of an image.
    pub struct SignatureIdentity {
        /// Who signed, in words.
        name: String = "Name",
        /// When it was signed, as others witness it.
        timestamps: Vec<SignatureTimestamp> = "Timestamps",
        /// Who signed, where the engine knows them: `DHI`.
        known_signer: String = "KnownSigner",
        /// The image's reference within the signature.
        docker_reference: String = "DockerReference",
        /// What the signer's certificate says.
        signer: Option<SignerIdentity> = "Signer",
        /// `bundle-v0.3`, `simplesigning-v1`.
        signature_type: String = "SignatureType",
        /// Why it does not hold.
        error: String = "Error",
        /// What is odd about it.
        warnings: Vec<String> = "Warnings",
    }
}

response! {
    /// When a signature was made, as another witnesses it.
    pub struct SignatureTimestamp {
        /// `Tlog`, `TimestampAuthority`.
        kind: String = "Type",
        /// Who witnesses it.
        uri: String = "URI",
        /// When.
        timestamp: Date = "Timestamp",
    }
}

response! {
    /// What the certificate of a signer says.
    pub struct SignerIdentity {
        /// Who issued it.
        certificate_issuer: String = "CertificateIssuer",
        /// Who it is for.
        subject_alternative_name: String = "SubjectAlternativeName",
        /// Who vouched for the signer.
        issuer: String = "Issuer",
        /// What built the image: an address.
        build_signer_uri: String = "BuildSignerURI",
        /// Its digest.
        build_signer_digest: String = "BuildSignerDigest",
        /// `github-hosted`, `self-hosted`.
        runner_environment: String = "RunnerEnvironment",
        /// Address of the sources.
        source_repository_uri: String = "SourceRepositoryURI",
        /// Digest of the sources.
        source_repository_digest: String = "SourceRepositoryDigest",
        /// Branch or tag of the sources.
        source_repository_ref: String = "SourceRepositoryRef",
        /// Id of the sources.
        source_repository_identifier: String = "SourceRepositoryIdentifier",
        /// Address of the sources' owner.
        source_repository_owner_uri: String = "SourceRepositoryOwnerURI",
        /// Id of the sources' owner.
        source_repository_owner_identifier: String = "SourceRepositoryOwnerIdentifier",
        /// How to build: an address.
        build_config_uri: String = "BuildConfigURI",
        /// Its digest.
        build_config_digest: String = "BuildConfigDigest",
        /// What started the build.
        build_trigger: String = "BuildTrigger",
        /// The run that built it: an address.
        run_invocation_uri: String = "RunInvocationURI",
        /// Whether the sources were public then.
        source_repository_visibility_at_signing: String = "SourceRepositoryVisibilityAtSigning",
    }
}
