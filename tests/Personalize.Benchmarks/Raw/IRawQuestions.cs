namespace Personalize.Benchmarks.Raw;

/// <summary>The questions of the benchmarks, each one prepared statement on raw tables; they answer how many matches they read.</summary>
internal interface IRawQuestions
{
    /// <summary>Where the last page by date ended.</summary>
    (long Low, long Rid) End { get; }

    int ById(string type, string id);

    /// <summary>20 Observations of a patient with a code, the latest first.</summary>
    int ByCodeOfPatient(string patient, string code);

    long Count(string type, string system, string code);

    /// <summary>20 Patients whose name begins so.</summary>
    int ByName(string prefix);

    /// <summary>The first 20 with a code.</summary>
    int ByCode(string type, string system, string code);

    /// <summary>20 Observations of the patients whose name begins so.</summary>
    int ByChain(string prefix);

    /// <summary>Observations from a time on, the latest first, from a place on.</summary>
    int ByDate(long from, (long Low, long Rid) before, int most);
}
