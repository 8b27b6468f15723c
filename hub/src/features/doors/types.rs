//! What checking in takes and gives.

use plenum_domain::Id;
use plenum_persistence::store::{CheckIn, Expected};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::clock::rfc3339;

/// A scan at a door.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// The device's own id of the scan, best a UUID: told again, it is the same scan.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Option<Id>,
    /// What the QR code had; or else `participant_id`.
    #[schema(example = "PLT1.AY8…")]
    pub ticket: Option<String>,
    /// Who it is, when there is no ticket to scan.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub participant_id: Option<Id>,
    /// The session whose door it is; the conference's own when it is left out.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub session_id: Option<Id>,
    /// When, by the device's clock; now when it is left out.
    #[schema(example = "2026-11-22T08:30:00Z")]
    pub at: Option<String>,
    /// What the device calls itself.
    #[schema(example = "Door 2")]
    pub device: Option<String>,
}

/// Scans that were made without a network.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncScans {
    /// At most 500.
    pub scans: Vec<Scan>,
}

/// What came of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The first one of this ticket at this door: they may come in.
    Admitted,
    /// The ticket was scanned before; `first` says where and when.
    Already,
    /// It lets nobody in; `reason` says why.
    Refused,
}

/// What came of a scan.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scanned {
    /// The scan's id, when it was told or made.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Option<Id>,
    /// What came of it.
    #[schema(example = "admitted")]
    pub outcome: Outcome,
    /// Why it was refused: the code that a single scan is refused with.
    #[schema(example = json!(null))]
    pub reason: Option<String>,
    /// Whose ticket it is.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participant_id: Option<Id>,
    /// Their name.
    #[schema(example = "Noor")]
    pub name: Option<String>,
    /// The scan that counts: this one, or the earlier one of another device.
    pub first: Option<CheckInOut>,
}

/// A scan that was written down.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckInOut {
    /// The scan's id.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Whose ticket.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub participant_id: Id,
    /// The session whose door it was; the conference's own when null.
    #[schema(value_type = Option<String>, example = json!(null))]
    pub session_id: Option<Id>,
    /// When, by the device's clock.
    #[schema(example = "2026-11-22T08:30:00.000Z")]
    pub at: String,
    /// When the hub heard of it.
    #[schema(example = "2026-11-22T08:30:01.000Z")]
    pub received_at: String,
    /// What the device calls itself.
    #[schema(example = "Door 2")]
    pub device: String,
    /// Who scanned.
    #[schema(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub checked_by: Option<Id>,
    /// The earliest one of this ticket at this door.
    #[schema(example = true)]
    pub counts: bool,
}

impl From<CheckIn> for CheckInOut {
    fn from(scan: CheckIn) -> Self {
        Self {
            id: scan.id,
            participant_id: scan.participant,
            session_id: scan.session,
            at: rfc3339(scan.at),
            received_at: rfc3339(scan.received),
            device: scan.device,
            checked_by: scan.checked_by,
            counts: scan.counts,
        }
    }
}

/// Which scans.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct CheckInQuery {
    /// Counted from 1.
    #[param(minimum = 1, example = 1)]
    pub page: Option<u32>,
    /// At most 100; 25 when it is not given.
    #[param(minimum = 1, maximum = 100, example = 25)]
    pub per_page: Option<u32>,
    /// Only those at this session's door.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
    /// True for the first ones only, false for those of tickets that were scanned before.
    #[param(example = true)]
    pub counts: Option<bool>,
}

/// Which door, and which piece of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DoorQuery {
    /// The session whose door it is; the conference's own when it is left out.
    #[param(value_type = Option<String>, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub session_id: Option<Id>,
    /// What `meta.cursor.next` of the piece before said.
    #[param(example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub cursor: Option<String>,
}

/// What a door knows of someone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExpectedOut {
    /// The participant's id, which their ticket has too.
    #[schema(value_type = String, example = "01H5XNDY7S3C9QRG8T4V2M6B0F")]
    pub id: Id,
    /// Their name.
    #[schema(example = "Noor")]
    pub name: String,
    /// Where the registration is in its life; who is `confirmed` may come in.
    #[schema(example = "confirmed")]
    pub status: String,
    /// When they came in at this door.
    #[schema(example = "2026-11-22T09:05:00.000Z")]
    pub in_at: Option<String>,
}

impl From<Expected> for ExpectedOut {
    fn from(it: Expected) -> Self {
        Self { id: it.id, name: it.name, status: it.status, in_at: it.came_in.map(rfc3339) }
    }
}

/// A JSON Web Key (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketKey {
    /// The sort of key.
    #[schema(example = "EC")]
    pub kty: &'static str,
    /// The curve.
    #[schema(example = "P-256")]
    pub crv: &'static str,
    /// The point's first number.
    #[schema(example = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")]
    pub x: String,
    /// The point's second number.
    #[schema(example = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")]
    pub y: String,
}
