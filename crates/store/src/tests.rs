//! The record's own tests: one suite for SQLite and PostgreSQL, each on a real database of its own.

mod attachments;
mod backup;
mod batches;
mod blocking;
mod clocks;
mod contacts;
mod inspect;
mod migrations;
mod notes;
mod opening;
mod outbox;
mod presence;
mod replay;
mod search;
mod settings;
mod staff;
mod start_over;
mod template_files;
mod templates;
mod visits;
mod welcome;
mod world;

/// Runs every case on both databases.
macro_rules! store_conformance {
    ($($module:ident::$case:ident,)*) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$module::$case(super::world::World::sqlite().await).await;
                }
            )*
        }

        mod on_postgres {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$module::$case(super::world::World::postgres().await).await;
                }
            )*
        }
    };
}

store_conformance! {
    attachments::a_file_counts_as_activity_of_who_sends_it,
    attachments::a_file_is_for_who_has_access_to_its_channel_and_for_its_client,
    attachments::a_file_stands_in_its_message_and_is_sent_once_by_its_sender,
    attachments::a_switch_keeps_clients_files_out_and_everybody_is_told,
    attachments::file_names_are_found_with_and_beside_the_text,
    attachments::no_client_fills_the_place_with_files_that_he_does_not_send,
    attachments::only_the_owner_by_his_present_claim_and_online_brings_a_file,
    attachments::the_same_file_again_is_the_first_and_another_with_its_id_a_conflict,
    attachments::what_nobody_sent_is_forgotten_after_a_day_and_what_was_sent_stays,
    backup::a_copy_put_back_is_the_same_in_every_table_but_for_epoch_and_what_was_on_its_way,
    backup::a_place_is_looked_at_before_anything_is_replaced,
    backup::a_copy_that_cannot_be_put_back_changes_nothing,
    batches::commands_that_wait_share_a_commit_and_one_that_fails_undoes_only_itself,
    batches::a_caller_who_goes_away_cancels_nothing,
    batches::whoever_measures_is_told_what_each_batch_did,
    batches::lanes_of_two_projects_and_their_shared_agents_never_wait_for_ever,
    blocking::a_block_holds_for_its_term_and_ends_by_itself,
    blocking::for_ever_never_ends_and_unblock_ends_it,
    blocking::a_blocked_address_keeps_new_visitors_out,
    blocking::the_list_is_for_administrators_and_comes_in_pages,
    blocking::a_block_that_is_over_is_no_block_though_nothing_swept,
    clocks::an_idle_agent_is_cleared_on_time_and_typing_moves_it,
    clocks::an_idle_client_is_finished_and_postponing_moves_it,
    clocks::two_sweeps_at_once_fire_once,
    clocks::both_clocks_that_ran_out_fire_one_after_the_other,
    clocks::more_than_a_page_of_due_clocks_fire_in_one_sweep,
    clocks::the_next_deadline_is_the_earliest_of_all_kinds,
    contacts::a_client_is_known_to_who_has_access_to_a_channel_of_his,
    contacts::a_corrected_name_is_on_every_screen_and_what_another_changed_is_not_overwritten,
    contacts::his_conversations_come_in_pages_with_when_and_how_they_ended,
    contacts::who_was_away_is_told_how_he_is_called_now_and_the_log_holds_no_name,
    inspect::a_record_tells_how_it_is_before_a_relay_opened_it_and_after,
    inspect::what_should_have_happened_and_did_not_is_found,
    migrations::a_release_without_switches_goes_on_beside_this_one,
    migrations::the_first_release_is_brought_forward_with_its_data,
    notes::a_note_moves_nothing_alerts_nobody_and_is_left_by_whoever_has_access,
    notes::notes_of_earlier_conversations_come_in_pages_and_only_of_channels_with_access,
    notes::the_log_holds_no_note_and_what_is_erased_is_gone_from_it,
    notes::the_same_note_again_is_the_first_and_another_with_its_id_a_conflict,
    opening::another_key_and_a_newer_database_are_refused_in_words,
    outbox::what_is_not_done_is_counted_by_state,
    presence::offline_comes_after_his_own_time_from_the_last_sign_of_life,
    presence::going_offline_returns_what_he_has_if_he_wants,
    presence::an_administrator_sets_offline_only_who_is_all_his,
    replay::the_log_replays_to_the_state_and_holds_no_personal_data,
    search::a_record_finds_what_the_rules_find_in_any_texts,
    search::every_script_is_found_alike,
    search::more_than_a_page_comes_in_pages_each_conversation_once,
    search::open_and_finished_names_too_only_with_access_and_never_notes,
    search::what_an_older_release_wrote_is_made_up_for,
    settings::a_projects_time_moves_all_its_clocks_in_slices,
    settings::a_switch_that_is_left_out_stays_and_a_change_is_told_to_all_machines,
    settings::a_changed_time_moves_the_clocks_that_run,
    settings::only_numbers_that_can_be_set_are_taken,
    staff::a_removed_agent_loses_his_conversations_at_once,
    staff::who_loses_a_channel_loses_its_conversations,
    staff::each_chooses_his_subscriptions_among_the_channels_that_he_has,
    staff::rights_are_changed_by_who_may_and_an_owner_stays,
    start_over::the_four_cases_and_a_newcomer,
    start_over::a_snapshot_is_of_one_instant_while_others_write,
    template_files::a_template_has_its_files_in_order_and_only_those_that_were_brought_for_it,
    template_files::a_templates_file_is_for_who_may_use_it_and_one_that_is_not_saved_for_its_author,
    template_files::what_no_template_and_no_message_has_is_purged_and_nothing_else,
    templates::a_change_on_an_old_state_is_refused_and_one_sent_twice_is_not,
    templates::every_machine_follows_and_the_log_holds_no_text,
    templates::everybody_has_his_own_and_his_projects_which_administrators_manage,
    templates::there_are_not_more_of_them_than_are_sent_at_once,
    visits::a_visit_is_followed_and_only_who_has_access_to_its_client_sees_it,
    visits::each_tab_has_its_own_visit_and_the_latest_is_shown,
    visits::old_visits_go_and_the_log_knows_nothing_of_any,
    visits::what_no_page_tells_is_refused_by_its_field,
    welcome::the_welcome_code_is_made_once_and_makes_one_project,
    welcome::a_lost_welcome_code_is_replaced_and_good_for_nothing,
    welcome::where_a_project_exists_no_welcome_code_is_made_or_taken,
    welcome::of_relays_that_start_at_once_one_gets_the_welcome_code,
}
