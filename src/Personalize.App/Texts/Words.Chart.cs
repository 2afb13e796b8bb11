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

    /// <summary>"Nothing to suggest from what is on file."</summary>
    public required string NoSuggestions { get; init; }

    /// <summary>"Nothing is suggested for a person who has died."</summary>
    public required string NoSuggestionsAfterDeath { get; init; }

    /// <summary>"{0} more"</summary>
    public required string MoreCount { get; init; }

    /// <summary>"{0} more, and the answered ones"</summary>
    public required string MoreCountAndAnswered { get; init; }

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

    /// <summary>"Act soon"</summary>
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

    /// <summary>"Why, and worked out from what"</summary>
    public required string WorkedOutFrom { get; init; }

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
}
