//! What is news to the reader of a stream, and when it is time to look at what costs more. No IO, no clock.

use domain::generation::{Generation, Stage, Status};
use std::time::Duration;
use tokio::time::Instant;

/// The forecast is looked at no more often: it moves with every second.
const FORECAST: Duration = Duration::from_secs(1);

/// What the reader knows so far.
pub(crate) struct News {
    state: Option<(Status, Stage)>,
    forecast: Option<Instant>,
    told: Option<(String, u8)>,
    resumed: Option<String>,
}

impl News {
    /// A reader that has seen `resumed`, the id of an event, on a stream before.
    pub(crate) fn since(resumed: Option<&str>) -> Self {
        Self { state: None, forecast: None, told: None, resumed: resumed.map(ToOwned::to_owned) }
    }

    /// Whether a row is worth a view: its state is new, or its forecast is old.
    pub(crate) fn wants(&mut self, row: &Generation, now: Instant) -> bool {
        let state = Some((row.status, row.stage));
        let is_old = self.forecast.is_none_or(|seen| now >= seen + FORECAST);
        if self.state == state && !is_old {
            return false;
        }
        (self.state, self.forecast) = (state, Some(now));
        true
    }

    /// Whether a view is news: another tag, or further on. What the reader saw before it came back is not repeated.
    pub(crate) fn is(&mut self, tag: &str, progress: u8) -> bool {
        let told = Some((tag.to_owned(), progress));
        let is_known = self.told == told || self.resumed.take().is_some_and(|seen| seen == tag);
        self.told = told;
        !is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;
    use domain::generation::{Claim, Photo};
    use domain::ids::{AccountId, GenerationId, UploadId, UserId};
    use domain::options::Options;
    use domain::upload::PhotoType;

    fn queued() -> Generation {
        let (now, dice) = (Timestamp::from_second(1_700_000_000).unwrap(), [3; 10]);
        let photo =
            Photo { upload: UploadId::fresh(now, dice), version: "v".into(), content_type: PhotoType::Png, bytes: 7 };
        let (id, user, account) =
            (GenerationId::fresh(now, dice), UserId::fresh(now, dice), AccountId::fresh(now, dice));
        Generation::open(id, user, account, photo, Options::default(), now)
    }

    #[test]
    fn a_new_state_is_looked_at_at_once_and_a_forecast_once_a_second() {
        let (queued, start) = (queued(), Instant::now());
        let Claim::Run(running) = queued.claim(queued.created, queued.deadline) else { panic!("must run") };
        let after = |ms| start + Duration::from_millis(ms);
        let mut news = News::since(None);
        let looks =
            [(&queued, 0), (&queued, 250), (&running, 300), (&running, 1250), (&running, 1300), (&running, 1301)];
        let wanted = looks.map(|(row, ms)| news.wants(row, after(ms)));
        assert_eq!(wanted, [true, false, true, false, true, false]);
    }

    #[test]
    fn the_same_is_told_once_and_progress_is_news() {
        let mut news = News::since(None);
        let told = [("a", 0), ("a", 0), ("a", 1), ("b", 1), ("b", 1)].map(|(tag, progress)| news.is(tag, progress));
        assert_eq!(told, [true, false, true, true, false]);
    }

    #[test]
    fn who_comes_back_is_not_told_again_what_was_last_but_all_that_is_new() {
        let mut news = News::since(Some("a"));
        assert_eq!([("a", 5), ("a", 6), ("b", 6)].map(|(tag, progress)| news.is(tag, progress)), [false, true, true]);
        let mut news = News::since(Some("a"));
        assert_eq!([("b", 0), ("a", 0)].map(|(tag, progress)| news.is(tag, progress)), [true, true]);
    }
}
