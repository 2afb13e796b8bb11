using System.Globalization;
using Personalize.Fhir.Primitives;
using Personalize.Server.Backup;
using Personalize.Store;
using Personalize.Store.Postgres;
using Personalize.Store.Sqlite;

namespace Personalize.Server.Verbs;

/// <summary>The verb <c>check</c>: one line for each thing that is wrong with a store, then what was read.</summary>
internal static class CheckVerb
{
    /// <summary>Checks the store of the settings: 0 when all is well, 1 when something is wrong, 2 when the connection string is missing, 3 when there is none, or it is locked or cannot be reached.</summary>
    public static async Task<int> Run(LaunchSettings settings, CancellationToken ct)
    {
        var outcome = settings.Postgres is { } postgres ? OfDatabase(postgres, ct) : Restored.Finished(settings.Data).Then(data => Of(data, ct));
        if (!outcome.TryGet(out var report, out var failure))
            return await CommandTree.Refuse(failure, failure is Failure.Invalid ? ExitCode.Usage : ExitCode.Unreachable);
        Tell(report);
        return report.IsSound ? ExitCode.Fine : ExitCode.Failed;
    }

    /// <summary>What is wrong with the store in a folder.</summary>
    public static Outcome<CheckReport> Of(string folder, CancellationToken ct) =>
        ProgramDefinitions.Read().Then(program => program.Catalog()).Then(catalog => StoreCheck.Run(folder, catalog, ct));

    private static Outcome<CheckReport> OfDatabase(PostgresSettings postgres, CancellationToken ct) =>
        postgres.Connection().Then(connection => ProgramDefinitions.Read().Then(program => program.Catalog()).Then(catalog => PostgresCheck.Run(connection, catalog, ct)));

    /// <summary>Prints a report.</summary>
    public static void Tell(CheckReport report)
    {
        foreach (var finding in report.Findings)
            Console.Out.WriteLine($"{finding.Kind.ToString().ToLowerInvariant()}: {finding.Place}: {finding.Text}");
        foreach (var text in report.LeftOut)
            Console.Out.WriteLine($"not judged: {text}");
        var wrong = report.Findings.Length + report.More;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Versions} versions, {report.IndexRows} index rows, last commit {report.T}: {(wrong == 0 ? "all is well" : $"{wrong} wrong{(report.More > 0 ? $", {report.More} of them not listed" : "")}")}"));
    }
}
