namespace Personalize.App.Texts;

public sealed partial record Words
{
    /// <summary>"Personalize"</summary>
    public required string AppName { get; init; }

    /// <summary>"Skip to content"</summary>
    public required string SkipToContent { get; init; }

    /// <summary>"{0}: suggestions and preferences"</summary>
    public required string PageHeading { get; init; }

    /// <summary>"Born"</summary>
    public required string Born { get; init; }

    /// <summary>"MRN"</summary>
    public required string RecordNumber { get; init; }

    /// <summary>"Printed"</summary>
    public required string Printed { get; init; }

    /// <summary>"Source"</summary>
    public required string Source { get; init; }

    /// <summary>"Print"</summary>
    public required string Print { get; init; }

    /// <summary>"As of {0}"</summary>
    public required string AsOf { get; init; }

    /// <summary>"deceased"</summary>
    public required string Deceased { get; init; }

    /// <summary>"sex not on file"</summary>
    public required string SexUnknown { get; init; }

    /// <summary>"{0} y"</summary>
    public required string AgeYears { get; init; }

    /// <summary>"{0} mo"</summary>
    public required string AgeMonths { get; init; }

    /// <summary>"{0} d"</summary>
    public required string AgeDays { get; init; }

    /// <summary>"Speaks"</summary>
    public required string Speaks { get; init; }

    /// <summary>"Interpreter needed"</summary>
    public required string InterpreterNeeded { get; init; }

    /// <summary>"Reach by"</summary>
    public required string ReachBy { get; init; }

    /// <summary>"Suggestions"</summary>
    public required string Suggestions { get; init; }

    /// <summary>"Nothing to suggest today."</summary>
    public required string NoSuggestions { get; init; }

    /// <summary>"{0} more, and the answered ones"</summary>
    public required string MoreCount { get; init; }

    /// <summary>"Answered suggestions"</summary>
    public required string SeeAnswered { get; init; }

    /// <summary>"More suggestions"</summary>
    public required string MoreSuggestions { get; init; }

    /// <summary>"There are no more."</summary>
    public required string NoMore { get; init; }

    /// <summary>"Answered and withdrawn"</summary>
    public required string Answered { get; init; }

    /// <summary>"None has been answered yet."</summary>
    public required string NothingAnswered { get; init; }

    /// <summary>"Back"</summary>
    public required string BackToChart { get; init; }

    /// <summary>"Soon"</summary>
    public required string Pressing { get; init; }

    /// <summary>"On file"</summary>
    public required string Evidence { get; init; }

    /// <summary>"Source"</summary>
    public required string Citation { get; init; }

    /// <summary>"The reasons could not be read."</summary>
    public required string WhyNotRead { get; init; }

    /// <summary>"This could not be read just now. The rest of the page is complete."</summary>
    public required string NotRead { get; init; }

    /// <summary>"Not on file"</summary>
    public required string NotOnFile { get; init; }

    /// <summary>"Worked out from"</summary>
    public required string WorkedOutFrom { get; init; }

    /// <summary>"Why it matters"</summary>
    public required string WhyItMatters { get; init; }

    /// <summary>"holds"</summary>
    public required string Holds { get; init; }

    /// <summary>"does not hold"</summary>
    public required string DoesNotHold { get; init; }

    /// <summary>"Chart"</summary>
    public required string Chart { get; init; }

    /// <summary>"Answer: {0}"</summary>
    public required string AnswerTo { get; init; }

    /// <summary>"Accept"</summary>
    public required string Accept { get; init; }

    /// <summary>"Later…"</summary>
    public required string Defer { get; init; }

    /// <summary>"Show again on"</summary>
    public required string DeferUntil { get; init; }

    /// <summary>"Defer"</summary>
    public required string DeferSave { get; init; }

    /// <summary>"Dismiss…"</summary>
    public required string Dismiss { get; init; }

    /// <summary>"Why not?"</summary>
    public required string DismissReason { get; init; }

    /// <summary>"Note (optional)"</summary>
    public required string DismissNote { get; init; }

    /// <summary>"Dismiss"</summary>
    public required string DismissSave { get; init; }

    /// <summary>"Done elsewhere…"</summary>
    public required string DoneElsewhere { get; init; }

    /// <summary>"Done on"</summary>
    public required string DoneOn { get; init; }

    /// <summary>"Save"</summary>
    public required string DoneSave { get; init; }

    /// <summary>"Undo"</summary>
    public required string Undo { get; init; }

    /// <summary>"Offer again"</summary>
    public required string OfferAgain { get; init; }

    /// <summary>"Offer again: {0}"</summary>
    public required string OfferAgainFor { get; init; }

    /// <summary>"back on {0}"</summary>
    public required string BackOn { get; init; }

    /// <summary>"done on {0}"</summary>
    public required string DoneOnDay { get; init; }

    /// <summary>"Choose…"</summary>
    public required string Choose { get; init; }

    /// <summary>"Segments"</summary>
    public required string Segments { get; init; }

    /// <summary>"In no segment."</summary>
    public required string NoSegments { get; init; }

    /// <summary>"since {0}"</summary>
    public required string Since { get; init; }

    /// <summary>"{0} cannot be told yet"</summary>
    public required string CannotTell { get; init; }

    /// <summary>"Preferences"</summary>
    public required string Preferences { get; init; }

    /// <summary>"How to reach"</summary>
    public required string HowToReach { get; init; }

    /// <summary>"For"</summary>
    public required string ForTopic { get; init; }

    /// <summary>"all messages"</summary>
    public required string AllTopics { get; init; }

    /// <summary>"Language"</summary>
    public required string Languages { get; init; }

    /// <summary>"Spoken"</summary>
    public required string Spoken { get; init; }

    /// <summary>"Written"</summary>
    public required string Written { get; init; }

    /// <summary>"Interpreter"</summary>
    public required string Interpreter { get; init; }

    /// <summary>"Visits and hours"</summary>
    public required string Visits { get; init; }

    /// <summary>"Kind of visit"</summary>
    public required string VisitMode { get; init; }

    /// <summary>"Best hours"</summary>
    public required string Hours { get; init; }

    /// <summary>"Change"</summary>
    public required string Change { get; init; }

    /// <summary>"Save"</summary>
    public required string Save { get; init; }

    /// <summary>"Save {0}"</summary>
    public required string SaveOne { get; init; }

    /// <summary>"none"</summary>
    public required string NoFurther { get; init; }

    /// <summary>"not asked"</summary>
    public required string NotAsked { get; init; }

    /// <summary>"Why"</summary>
    public required string Why { get; init; }

    /// <summary>"said by the patient"</summary>
    public required string Stated { get; init; }

    /// <summary>"said on {0}"</summary>
    public required string StatedOn { get; init; }

    /// <summary>"seen in what was used"</summary>
    public required string Observed { get; init; }

    /// <summary>"seen in use, last on {0}"</summary>
    public required string ObservedUntil { get; init; }

    /// <summary>"usual here"</summary>
    public required string ByDefault { get; init; }

    /// <summary>"on file"</summary>
    public required string OnFile { get; init; }

    /// <summary>"Contacts"</summary>
    public required string Contacts { get; init; }

    /// <summary>"Some contacts could not be read just now."</summary>
    public required string ContactsLack { get; init; }

    /// <summary>"Coming"</summary>
    public required string Coming { get; init; }

    /// <summary>"Recent"</summary>
    public required string Recent { get; init; }

    /// <summary>"No visit is booked."</summary>
    public required string NothingComing { get; init; }

    /// <summary>"No contact is on file."</summary>
    public required string NothingRecent { get; init; }

    /// <summary>"Telehealth"</summary>
    public required string Telehealth { get; init; }

    /// <summary>"Open in a new window"</summary>
    public required string OpenInNewWindow { get; init; }

    /// <summary>"Accepted for {0}: {1}."</summary>
    public required string SavedAccept { get; init; }

    /// <summary>"Deferred for {0} until {2}: {1}."</summary>
    public required string SavedDefer { get; init; }

    /// <summary>"Dismissed for {0}: {1}."</summary>
    public required string SavedDismiss { get; init; }

    /// <summary>"Recorded for {0} as done on {2}: {1}."</summary>
    public required string SavedDone { get; init; }

    /// <summary>"Offered again for {0}: {1}."</summary>
    public required string SavedUndo { get; init; }

    /// <summary>"Saved for {0}: {1}. The page takes it up in a moment."</summary>
    public required string SavedWish { get; init; }

    /// <summary>"Saved for {0}: speaks {1}, reads {2}."</summary>
    public required string SavedLanguages { get; init; }

    /// <summary>"Nothing was saved for {0}: a field was empty or made no sense."</summary>
    public required string FormUnclear { get; init; }

    /// <summary>"Nothing was saved: the form was of another patient's chart. This is the chart of {0}."</summary>
    public required string FormOtherPatient { get; init; }

    /// <summary>"Nothing was saved for {0}: somebody changed it meanwhile. Look again at what is here now."</summary>
    public required string FormChanged { get; init; }

    /// <summary>"Nothing was saved for {0}: the server did not take it."</summary>
    public required string FormRefused { get; init; }

    /// <summary>"It is not certain that this was saved for {0}: the server did not answer. Look again."</summary>
    public required string FormUnreachable { get; init; }

    /// <summary>"Patients"</summary>
    public required string Patients { get; init; }

    /// <summary>"No clinician is set up on this server, so no chart can be opened here."</summary>
    public required string NoClinicians { get; init; }

    /// <summary>"Who are you today?"</summary>
    public required string ChooseClinician { get; init; }

    /// <summary>"This is a demonstration with made people. Choose a clinician to see the practice as they do."</summary>
    public required string ChooseClinicianText { get; init; }

    /// <summary>"Signed in as {0}"</summary>
    public required string SignedInAs { get; init; }

    /// <summary>"Change clinician"</summary>
    public required string SignOut { get; init; }

    /// <summary>"Search by name"</summary>
    public required string SearchByName { get; init; }

    /// <summary>"Search"</summary>
    public required string Search { get; init; }

    /// <summary>"No patient matches."</summary>
    public required string NoPatients { get; init; }

    /// <summary>"No patient is on file."</summary>
    public required string NoPatientsYet { get; init; }

    /// <summary>"Name"</summary>
    public required string NameColumn { get; init; }

    /// <summary>"Age"</summary>
    public required string AgeColumn { get; init; }

    /// <summary>"Language"</summary>
    public required string LanguageColumn { get; init; }

    /// <summary>"Segments"</summary>
    public required string SegmentsColumn { get; init; }

    /// <summary>"Suggestions"</summary>
    public required string SuggestionsColumn { get; init; }

    /// <summary>"Open chart"</summary>
    public required string OpenChart { get; init; }

    /// <summary>"Open chart of {0}"</summary>
    public required string OpenChartOf { get; init; }

    /// <summary>"Next page"</summary>
    public required string NextPage { get; init; }

    /// <summary>"First page"</summary>
    public required string FirstPage { get; init; }

    /// <summary>"Two charts side by side"</summary>
    public required string SideBySide { get; init; }

    /// <summary>"Choose two patients; each chart launches the app for itself."</summary>
    public required string SideBySideText { get; init; }

    /// <summary>"First chart"</summary>
    public required string FirstChart { get; init; }

    /// <summary>"Second chart"</summary>
    public required string SecondChart { get; init; }

    /// <summary>"Open both"</summary>
    public required string OpenBoth { get; init; }

    /// <summary>"All patients"</summary>
    public required string AllPatients { get; init; }

    /// <summary>"Chart of {0}"</summary>
    public required string ChartOf { get; init; }

    /// <summary>"Summary"</summary>
    public required string Summary { get; init; }

    /// <summary>"Problems"</summary>
    public required string ProblemList { get; init; }

    /// <summary>"Medicines"</summary>
    public required string Medicines { get; init; }

    /// <summary>"Allergies"</summary>
    public required string Allergies { get; init; }

    /// <summary>"Latest results"</summary>
    public required string Results { get; init; }

    /// <summary>"None on file."</summary>
    public required string NoneOnFile { get; init; }

    /// <summary>"Personalize for {0}"</summary>
    public required string AppFrame { get; init; }

    /// <summary>"{0}+"</summary>
    public required string MoreThan { get; init; }
}
