//! `blkio_config`.

use serde::{Deserialize, Serialize};

model! {
    /// `blkio_config`: weights and limits of block devices.
    pub struct BlkioConfig {
        /// Weight relative to other containers, 10 to 1000; `None` or 0 leaves it to the engine.
        pub weight: Option<u16>,
        /// Weights on single devices.
        pub weight_device: Vec<DeviceWeight>,
        /// Reading, in bytes a second.
        pub device_read_bps: Vec<DeviceRate>,
        /// Reading, in operations a second.
        pub device_read_iops: Vec<DeviceRate>,
        /// Writing, in bytes a second.
        pub device_write_bps: Vec<DeviceRate>,
        /// Writing, in operations a second.
        pub device_write_iops: Vec<DeviceRate>,
    }
}

/// The weight of one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceWeight {
    /// The device, such as `/dev/sda`.
    pub path: String,
    /// Weight relative to other containers, 10 to 1000.
    pub weight: u16,
}

/// A limit on one device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceRate {
    /// The device, such as `/dev/sda`.
    pub path: String,
    /// Bytes or operations a second.
    #[serde(with = "super::scalar::amount")]
    pub rate: u64,
}
