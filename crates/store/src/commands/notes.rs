//! "Leave a note" (O1–O3).

use domain::id::{AgentId, ConversationId, NoteId};
use domain::text::MessageText;
use protocol::frame::{Actor, EventData};
use protocol::note::NoteView;

use crate::commands::workflow::seen_by;
use crate::error::StoreError;
use crate::log::{NewEvent, Record};
use crate::rows::agents;
use crate::rows::notes::{self, NoteRow};
use crate::store::Store;
use crate::topic::Topic;
use crate::writer::Tx;

impl Store {
    /// Leaves a note on a conversation: any agent with access, Offline too, also where somebody else holds it or it is finished (O3, P7).
    ///
    /// It changes no state, order or counter and alerts nobody (N3). The same id, author and body again gives the first answer.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a conversation without access; [`StoreError::IdConflict`].
    pub async fn leave_note(
        &self,
        by: AgentId,
        conversation: ConversationId,
        id: NoteId,
        text: MessageText,
    ) -> Result<NoteView, StoreError> {
        let lane = self.lane_of(&conversation).await?;
        self.writer
            .run(lane, move |tx| Box::pin(async move { leave_note(tx, &by, &conversation, id, &text).await }))
            .await
    }
}

async fn leave_note(
    tx: &mut Tx<'_>,
    by: &AgentId,
    conversation: &ConversationId,
    id: NoteId,
    text: &MessageText,
) -> Result<NoteView, StoreError> {
    let (row, _) = seen_by(tx, by, conversation).await?;
    if let Some(earlier) = notes::find(tx.conn, id.as_str()).await? {
        let same = earlier.agent_id == *by && earlier.conversation_id == *conversation && earlier.text == text.as_str();
        return if same { Ok(earlier.view()) } else { Err(StoreError::IdConflict) };
    }
    let note = NoteRow {
        id,
        project_id: row.project_id,
        contact_id: row.contact.id,
        conversation_id: row.id,
        agent_id: by.clone(),
        agent_name: agents::load(tx.conn, by).await?.name,
        text: text.as_str().to_owned(),
        at: tx.now.as_ms(),
    };
    notes::insert(tx.conn, &note).await?;
    tx.append(NewEvent {
        topic: Topic::Channel(row.channel_id),
        kind: "note_added",
        actor: Actor::Agent { agent_id: by.to_string() },
        cause: Some(note.id.to_string()),
        record: Record { note: Some(note.id.to_string()), ..Record::default() },
        data: EventData { note: Some(note.view()), ..EventData::default() },
    });
    Ok(note.view())
}
