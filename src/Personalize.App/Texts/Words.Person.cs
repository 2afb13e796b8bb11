namespace Personalize.App.Texts;

public sealed partial record Words
{
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
}
