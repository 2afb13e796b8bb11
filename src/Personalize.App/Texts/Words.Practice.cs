namespace Personalize.App.Texts;

public sealed partial record Words
{
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
}
