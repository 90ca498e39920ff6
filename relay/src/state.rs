//! What the routes share.

use std::sync::Arc;

use axum::extract::FromRef;
use bus::{AlarmClock, Doorbell, Presence, Rate, RateLimiter};
use protocol::error::ErrorCode;
use store::Store;
use store::clock::Clock;

use crate::assets::Assets;
use crate::error::ApiError;
use crate::fanout::Fanout;
use crate::gmail_places::GmailPlaces;
use crate::health::Health;
use crate::metrics::{Metrics, Requests};
use crate::proxies::TrustedProxies;
use crate::tasks::Tasks;
use crate::turns::Turns;
use crate::uploads::Uploads;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) fanout: Arc<Fanout>,
    pub(crate) limits: Limits,
    pub(crate) uploads: Uploads,
    pub(crate) settings: Arc<Settings>,
    pub(crate) tasks: Tasks,
    pub(crate) presence: Arc<dyn Presence>,
    pub(crate) alarms: Arc<dyn AlarmClock>,
    pub(crate) doorbell: Arc<dyn Doorbell>,
    pub(crate) health: Health,
    pub(crate) metrics: Arc<Metrics>,
}

/// Lets a handler ask for one part of the state.
macro_rules! part {
    ($field:ident: $part:ty) => {
        impl FromRef<AppState> for $part {
            fn from_ref(state: &AppState) -> Self {
                state.$field.clone()
            }
        }
    };
}

part!(store: Store);
part!(clock: Arc<dyn Clock>);
part!(doorbell: Arc<dyn Doorbell>);
part!(limits: Limits);
part!(uploads: Uploads);
part!(settings: Arc<Settings>);
part!(health: Health);
part!(metrics: Arc<Metrics>);

/// What the routes need of the configuration.
pub(crate) struct Settings {
    pub(crate) public_url: String,
    /// `chrome-extension://<id>` of every accepted extension.
    pub(crate) extension_origins: Vec<String>,
    pub(crate) assets: Assets,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) gmail_places: GmailPlaces,
    /// The largest file that is taken, in bytes.
    pub(crate) file_limit: u64,
}

/// Rate limits as the routes ask for them.
#[derive(Clone)]
pub(crate) struct Limits {
    pub(crate) rates: Arc<dyn RateLimiter>,
    pub(crate) turns: Turns,
    pub(crate) requests: Requests,
}

/// Tries of an invitation code, by address.
pub(crate) const REDEEM: Rate = Rate { burst: 20, refill_ms: 3_000 };
/// New visitors, by address: offices and schools share one.
pub(crate) const NEW_VISITORS: Rate = Rate { burst: 120, refill_ms: 500 };
/// A visitor's messages: well above what anybody types, below what harms others.
pub(crate) const CONTACT_MESSAGES: Rate = Rate { burst: 60, refill_ms: 50 };
/// What a visitor's page tells of his visit: one every 30 s, one at each new page, and some at once when the chat is opened.
pub(crate) const VISITS: Rate = Rate { burst: 30, refill_ms: 2_000 };
/// A visitor's files on their way in: some messages full of them, then one a second.
pub(crate) const CONTACT_UPLOADS: Rate = Rate { burst: 60, refill_ms: 1_000 };
/// Files of clients from one address: all that a day's purge has not taken yet is at most twice as many. Offices and phone networks share one.
pub(crate) const ADDRESS_UPLOADS: Rate = Rate { burst: 1_000, refill_ms: 86_400 };
/// And their KiB: a GiB at once, and one a day.
pub(crate) const ADDRESS_UPLOAD_KIB: Rate = Rate { burst: 1_048_576, refill_ms: 83 };
/// And those that he looks at: a page of history has many pictures.
pub(crate) const CONTACT_DOWNLOADS: Rate = Rate { burst: 400, refill_ms: 100 };
/// New streams of one token: a reader that fails backs off to less.
pub(crate) const STREAMS: Rate = Rate { burst: 60, refill_ms: 500 };
/// Gaps that one stream asks for.
pub(crate) const RESUMES: Rate = Rate { burst: 400, refill_ms: 100 };
/// Pages that are opened first and closed last: each is written down.
pub(crate) const HERE: Rate = Rate { burst: 60, refill_ms: 2_000 };
/// Signs that somebody types: one every 10 s in each conversation is asked for.
pub(crate) const TYPING: Rate = Rate { burst: 30, refill_ms: 1_000 };
/// What an agent writes for colleagues, such as notes: above what anybody types.
pub(crate) const AGENT_TEXTS: Rate = Rate { burst: 60, refill_ms: 500 };
/// An agent's searches: each press of Enter is one.
pub(crate) const SEARCHES: Rate = Rate { burst: 30, refill_ms: 500 };
/// An agent's commands.
pub(crate) const AGENT_COMMANDS: Rate = Rate { burst: 400, refill_ms: 10 };

impl Limits {
    /// Takes one from the bucket.
    ///
    /// # Errors
    /// `rate_limited` with the seconds to wait.
    pub(crate) async fn take(&self, what: &'static str, who: &str, rate: Rate) -> Result<(), ApiError> {
        self.take_many(what, who, rate, 1).await
    }

    /// Takes so many from the bucket, or none.
    ///
    /// # Errors
    /// `rate_limited` with the seconds to wait.
    pub(crate) async fn take_many(&self, what: &'static str, who: &str, rate: Rate, n: u32) -> Result<(), ApiError> {
        self.rates.allow_many(&format!("{what}:{who}"), rate, n).await.map_err(|wait_ms| {
            self.requests.limited(what);
            ApiError::new(ErrorCode::RateLimited, "too many requests; wait and try again")
                .with_retry_after_s(wait_ms.div_ceil(1_000))
        })
    }
}
