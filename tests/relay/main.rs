//! Real relays over HTTP and WebSocket.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may unwrap, and says what it measured")]

mod access;
mod backup;
mod bad_input;
mod blocking;
mod cli;
mod contacts;
mod doctor;
mod files;
mod gmail_places;
mod limits;
mod metrics;
mod notes;
mod packing;
mod presence;
mod processes;
mod proxies;
mod races;
mod search;
mod settings;
mod setup;
mod size;
mod staff;
mod story;
mod streams;
mod template_files;
mod templates;
mod timers;
mod two_relays;
mod visits;
mod welcome;

/// Runs a case on a relay of its own, on SQLite and on PostgreSQL, and on two relays that share PostgreSQL and Redis.
macro_rules! on_every_shape {
    ($($module:ident::$case:ident,)*) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$module::$case(e2e::world::World::new().await).await;
                }
            )*
        }

        mod on_postgres {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$module::$case(e2e::world::World::postgres().await).await;
                }
            )*
        }

        mod on_two_relays {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$module::$case(e2e::world::World::two().await).await;
                }
            )*
        }
    };
}

on_every_shape! {
    access::every_route_answers_everybody_as_the_table_says,
    bad_input::bytes_that_a_database_cannot_hold_are_a_4xx_everywhere,
    blocking::a_blocked_client_is_told_once_refused_and_comes_back_by_himself,
    contacts::a_corrected_name_is_on_every_screen_and_the_client_is_told_nothing,
    files::a_file_goes_both_ways_and_is_saved_not_shown,
    files::a_switch_reaches_the_pages_and_keeps_clients_files_out,
    files::what_was_not_sent_is_purged_after_a_day,
    metrics::what_is_told_is_explained_and_names_nobody,
    notes::a_note_is_on_every_agents_screen_and_never_reaches_the_client,
    presence::online_lasts_while_a_page_is_open_and_ends_after_his_time,
    presence::of_several_pages_the_last_one_counts_and_no_page_is_none,
    presence::returning_in_time_cancels_it_and_nobody_comes_online_by_himself,
    presence::signs_of_life_survive_a_restart_of_the_relay,
    presence::why_somebody_is_offline_is_told_in_words,
    search::what_was_written_is_found_at_once_and_only_by_who_may_see_it,
    settings::a_switch_reaches_all_machines_at_once_and_an_older_extension_turns_none,
    staff::what_an_agent_may_see_follows_his_rights_while_he_is_connected,
    staff::rights_that_changed_while_he_was_away_are_right_when_he_is_back,
    story::a_client_writes_two_agents_see_it_one_answers_and_closes,
    story::assigning_needs_somebody_online_with_access_and_tells_him,
    story::only_the_owner_with_the_present_fence_answers,
    story::presence_of_colleagues_and_seen_for_the_client,
    template_files::a_templates_file_goes_out_with_an_answer_and_stays_there,
    templates::a_template_is_on_every_machine_that_may_use_it,
    timers::an_idle_agent_loses_the_conversation_and_an_idle_client_finishes_it,
    timers::a_deadline_that_passed_while_the_relay_was_away_fires_after_the_start,
    timers::typing_moves_both_clocks_and_postponing_the_clients,
    timers::a_setting_moves_the_alarm,
    visits::a_visit_is_followed_live_by_who_has_access_and_by_nobody_else,
    welcome::of_20_posts_with_one_code_one_makes_the_project,
    welcome::what_cannot_be_taken_is_named_and_does_not_use_the_code_up,
    welcome::where_a_project_exists_the_code_makes_none,
}
