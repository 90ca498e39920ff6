//! What `boot.js` does in the page. Nothing of it calls the chat back before it returns, and nothing throws.
//!
//! A part of the page is named `#id`, one of the row that [`row`] chose last `.class`, and that row itself has the empty name.
//! Few functions are imported and told by name what to do: each import costs a binding in the script and one in the module.

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

use super::json::Value;
use super::time;

#[wasm_bindgen(raw_module = "./boot.js")]
extern "C" {
    /// Does the thing of this name with what it needs.
    fn act(name: &str, a: &str, b: &str, n: f64) -> f64;
    /// Gives the text of this name.
    fn text(name: &str, a: &str, n: f64) -> Option<String>;
    /// Sets the attribute unless it has this value already.
    pub(super) fn attribute(part: &str, name: &str, value: &str);
    /// Asks the relay; the body decides the method.
    pub(super) fn ask(number: u32, path: &str, token: &str, body: &str);
    /// The field of a value; 0 if it is missing or null.
    pub(super) fn field(value: u32, name: &str) -> u32;
    /// The field of a value, or the value itself, as a text.
    #[wasm_bindgen(js_name = textIn)]
    pub(super) fn text_in(value: u32, name: &str) -> Option<String>;
    /// The field of a value as a number, if it has this type; else it is no number.
    #[wasm_bindgen(js_name = numberIn)]
    pub(super) fn number_in(value: u32, name: &str, kind: &str) -> f64;
    /// A JSON text's value; 0 if it is not JSON.
    pub(super) fn parse(text: &str) -> u32;
}

fn is(name: &str, a: &str, b: &str, n: f64) -> bool {
    act(name, a, b, n) != 0.0
}

#[expect(clippy::cast_possible_truncation, reason = "pixels, and random bits")]
fn whole(value: f64) -> i64 {
    value as i64
}

/// The channel's settings, as the relay wrote them into the page.
pub(super) fn settings() -> Value {
    Value::parse(&text("words", "#settings", 0.0).unwrap_or_default())
}

/// Random bits.
pub(super) fn random() -> u32 {
    u32::try_from(whole(act("random", "", "", 0.0))).unwrap_or(0)
}

/// The text as a part of an address.
pub(super) fn encode(part: &str) -> String {
    text("encode", part, 0.0).unwrap_or_default()
}

/// Sets the text unless it is there already.
pub(super) fn write(part: &str, text: &str) {
    act("write", part, text, 0.0);
}

pub(super) fn show(part: &str, shown: bool) {
    act("show", part, "", f64::from(u8::from(shown)));
}

/// Lets the controls in a part be used, or not.
pub(super) fn enable(part: &str, enabled: bool) {
    act("enable", part, "", f64::from(u8::from(enabled)));
}

/// Gives the script the words about files, parted by `|`, and their limit.
pub(super) fn files_begin(words: &str, limit: f64) {
    act("filesBegin", words, "", limit);
}

/// Whose files are to be fetched.
pub(super) fn fetch_as(token: &str) {
    act("fetchAs", token, "", 0.0);
}

/// Gives the row its files.
pub(super) fn files(files: &str) {
    act("files", files, "", 0.0);
}

/// Whether files were chosen.
pub(super) fn has_files() -> bool {
    is("hasFiles", "", "", 0.0)
}

/// Takes the chosen files, as JSON; empty if there are none.
pub(super) fn take_files() -> String {
    text("takeFiles", "", 0.0).unwrap_or_default()
}

/// The ids of files, as JSON.
pub(super) fn ids(files: &str) -> String {
    text("ids", files, 0.0).unwrap_or_else(|| String::from("[]"))
}

/// The field of a value as JSON.
pub(super) fn json(value: u32, name: &str) -> Option<String> {
    text("json", name, f64::from(value))
}

/// The day and the time of an instant, as the visitor writes them.
pub(super) fn moment(at: i64) -> String {
    text("moment", "", time::js(at)).unwrap_or_default()
}

/// Gives the page's own colours these values.
pub(super) fn paint(surface: &str, ink: &str) {
    act("paint", surface, ink, 0.0);
}

/// Appends text, or a link to it.
pub(super) fn add(part: &str, text: &str, is_link: bool) {
    act("add", part, text, f64::from(u8::from(is_link)));
}

/// Gives the row a copy of this template, or takes it away; whether it is new.
pub(super) fn attach(template: &str, wanted: bool) -> bool {
    is("attach", template, "", f64::from(u8::from(wanted)))
}

/// Before the first row.
pub(super) fn rows_begin() {
    act("begin", "", "", 0.0);
}

/// Chooses the next row, a copy of this template; whether it is new.
pub(super) fn row(key: &str, template: &str) -> bool {
    is("row", key, template, 0.0)
}

/// After the last row: those that were not chosen go.
pub(super) fn rows_end() {
    act("end", "", "", 0.0);
}

/// What stands in the input.
pub(super) fn input_text() -> String {
    text("input", "", 0.0).unwrap_or_default()
}

/// Puts a text into the input.
pub(super) fn set_input_text(text: &str) {
    act("input", text, "", 0.0);
}

/// Fits the input's height to its text.
pub(super) fn fit_input() {
    act("fit", "", "", 0.0);
}

/// One of the list's measures.
pub(super) fn measure(name: &str) -> i32 {
    i32::try_from(whole(act("measure", name, "", 0.0))).unwrap_or(0)
}

pub(super) fn scroll(top: i32) {
    act("scroll", "", "", f64::from(top));
}

/// Puts the caret into the input, except where that would raise a phone's keyboard.
pub(super) fn focus() {
    act("focus", "", "", 0.0);
}

/// Milliseconds since 1970-01-01 UTC by this machine's clock.
pub(super) fn now() -> f64 {
    act("now", "", "", 0.0)
}

/// The day of an instant, counted in the visitor's time zone.
pub(super) fn day_of(at: i64) -> f64 {
    act("dayOf", "", "", time::js(at))
}

/// Writes the day of an instant as the visitor does.
pub(super) fn write_day(at: i64) {
    act("writeDay", "", "", time::js(at));
}

/// Writes the time of day, and the whole instant as a tooltip.
pub(super) fn write_time(part: &str, at: i64) {
    act("writeTime", part, "", time::js(at));
}

/// Sets the one timer; less than 0 for none.
pub(super) fn wait(ms: i32) {
    act("wait", "", "", f64::from(ms));
}

/// Opens the stream's socket.
pub(super) fn connect() {
    act("connect", "", "", 0.0);
}

/// Closes the socket and forgets it.
pub(super) fn disconnect() {
    act("disconnect", "", "", 0.0);
}

/// Sends a frame.
pub(super) fn say(frame: &str) {
    act("say", frame, "", 0.0);
}

/// What is stored, for long or as long as the tab is open.
pub(super) fn stored(lasting: bool, key: &str) -> Option<String> {
    text("stored", key, f64::from(u8::from(lasting)))
}

/// The key at this place of what is stored for long.
pub(super) fn stored_key(at: u32) -> Option<String> {
    text("key", "", f64::from(at))
}

/// Stores a text; whether the browser let us.
pub(super) fn store(lasting: bool, key: &str, text: &str) -> bool {
    is("store", key, text, f64::from(u8::from(lasting)))
}

/// Removes what is stored for long; whether the browser let us.
pub(super) fn remove(key: &str) -> bool {
    is("remove", key, "", 1.0)
}

/// Whether the frame was opened by itself.
pub(super) fn is_alone() -> bool {
    is("isAlone", "", "", 0.0)
}

/// Whether the machine has a network.
pub(super) fn is_online() -> bool {
    is("isOnline", "", "", 0.0)
}

/// The origin that the frame's address was followed from.
pub(super) fn referrer() -> Option<String> {
    text("referrer", "", 0.0)
}

/// Says something to the page that embeds the chat, if it has this origin.
pub(super) fn tell(origin: &str, what: &str, n: u32) {
    act("tell", origin, what, f64::from(n));
}

/// Listens to what concerns the conversation.
pub(super) fn listen_to_world() {
    act("listen", "", "", 0.0);
}
