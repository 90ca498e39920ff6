// What stands in the mailbox; everybody in it is invented.
const MAILS = [
  ["Nora Lindqvist", "Delivery of the new wheel", "The carrier confirmed Thursday between 9 and 12. Could you let the shop know?", "14:32", true],
  ["Paperworks", "Your invoice for November", "Thank you for your business. Invoice 2211 is attached as a PDF.", "13:05", true],
  ["Tomás Herrera", "Re: Photos for the catalogue", "I picked twelve of them, the vase by the window is my favourite.", "12:47", true],
  ["Weekly Stand-up", "Notes, 20 November", "Returns are down by a third. Open points: packaging, the help desk rota, holidays.", "11:20", false],
  ["Amina Yusuf", "Swap shifts on Friday?", "I could take the morning if you cover the evening chat.", "10:58", false],
  ["Harbour Print", "Proof ready for approval", "Please check colours on page 3 before we go to press.", "09:41", false],
  ["Jonas Weber", "Supplier meeting moved", "New time is 15:30, same room. The agenda stays as it was.", "Nov 21", false],
  ["Cloud Status", "Resolved: slow image uploads", "The incident is over. A report follows within five days.", "Nov 21", false],
  ["Priya Raman", "Customer feedback, week 46", "Four people praised the quick answers in chat. One asked for larger cups.", "Nov 21", false],
  ["Elias Koch", "Re: Warranty wording", "Legal is fine with the second version. I put it into the template.", "Nov 20", false],
  ["The Clay Journal", "Five studios that got the light right", "This month: a barn, a boathouse and a very small kitchen.", "Nov 20", false],
  ["Sofia Marino", "Lunch on Wednesday", "The new place by the canal? They have a table for six.", "Nov 19", false],
  ["Warehouse", "Stock count finished", "Two differences, both in small parts. The list is in the shared folder.", "Nov 19", false],
  ["Ben Okafor", "Draft: winter opening hours", "We would close at four on the 24th and stay shut until the 27th.", "Nov 18", false],
  ["Nora Lindqvist", "Return label for order 4471", "Sent to the customer this morning, she should have it by now.", "Nov 18", false],
  ["Calendar", "Reminder: quarterly review", "Tomorrow, 10:00 to 11:30, large meeting room.", "Nov 17", false],
].map(([from, subject, text, at, unread], n) => ({ id: `m${n}`, from, subject, text, at, unread }));

const FOLDERS = [
  ["inbox", "Inbox"],
  ["starred", "Starred"],
  ["snoozed", "Snoozed"],
  ["sent", "Sent"],
  ["drafts", "Drafts"],
];
