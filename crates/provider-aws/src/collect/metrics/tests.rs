//! Series of several pages, and of none.

use super::*;

fn part(status: &str, values: &[f64]) -> MetricDataResult {
    let part = MetricDataResult::builder()
        .id("q0")
        .status_code(StatusCode::from(status));
    part.set_values(Some(values.to_vec())).build()
}

fn fact(parts: Vec<MetricDataResult>, statistic: Statistic) -> Fact<f64> {
    let listing = Listing {
        items: parts,
        gap: None,
    };
    together(
        &Place::new("123456789012", "eu-west-1"),
        &listing,
        "q0",
        statistic,
    )
}

#[test]
fn points_are_put_together_over_pages() {
    let parts = || vec![part("PartialData", &[1.0, 5.0]), part("Complete", &[2.0])];
    assert_eq!(fact(parts(), Statistic::Maximum), Fact::Known(5.0));
    assert_eq!(fact(parts(), Statistic::Sum), Fact::Known(8.0));
    assert_eq!(
        fact(vec![part("Complete", &[1.0, 2.0])], Statistic::Average),
        Fact::Known(1.5)
    );
}

#[test]
fn what_was_not_read_is_not_zero() {
    let why = |parts| fact(parts, Statistic::Sum).gap().unwrap().why;
    assert_eq!(why(vec![part("Complete", &[])]), GapReason::NotOffered);
    assert_eq!(why(vec![part("PartialData", &[1.0])]), GapReason::Damaged);
    assert_eq!(why(vec![part("InternalError", &[1.0])]), GapReason::Failed);
    assert_eq!(why(vec![part("Forbidden", &[])]), GapReason::AccessDenied);
    assert_eq!(
        why(vec![part("Complete", &[f64::NAN])]),
        GapReason::NotOffered
    );
    assert_eq!(why(vec![]), GapReason::Damaged);
    assert_eq!(
        fact(vec![part("Complete", &[0.0])], Statistic::Sum),
        Fact::Known(0.0)
    );
}

#[test]
fn a_call_takes_500_series_at_most() {
    assert!(OF_NODES.is_sorted() && OF_SERVERLESS.is_sorted());
    assert_eq!(QUERIES, 500);
    assert!(id(QUERIES).starts_with(|each: char| each.is_ascii_lowercase()));
}
