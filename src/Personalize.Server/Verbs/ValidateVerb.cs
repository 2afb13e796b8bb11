using System.Collections.Immutable;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Validation;

namespace Personalize.Server.Verbs;

/// <summary>What <c>validate</c> was asked to do.</summary>
/// <param name="Paths">Files, folders or <c>-</c>.</param>
/// <param name="Profiles">Canonicals of profiles that every resource must keep.</param>
internal sealed record ValidateOrder(IReadOnlyList<string> Paths, IReadOnlyList<string> Profiles);

/// <summary>The verb <c>validate</c>: one line for each finding, <c>file:line:column severity code expression text</c>, the worst first within a resource.</summary>
/// <param name="order">What to do.</param>
/// <param name="output">Takes the findings.</param>
/// <param name="refusals">Takes why nothing could be done.</param>
internal sealed class ValidateVerb(ValidateOrder order, TextWriter output, TextWriter refusals)
{
    private readonly Paint _paint = Paint.OfConsole(Console.IsOutputRedirected);

    /// <summary>Runs it: 1 when there is an error, 2 when there is nothing to read, else 0.</summary>
    public int Run(TimeProvider time, Func<Stream> openInput)
    {
        if (GivenResources.Fault(order.Paths) is { } fault)
            return Refused(fault);
        if (!ProgramDefinitions.Read().TryGet(out var program, out var failure))
            return Refused(failure);
        var all = GivenResources.Of(order.Paths, openInput).ToList();
        var context = Context(program, [.. all.Where(r => r.Resource.Failure is null).Select(r => r.Resource.Value)], time.GetLocalNow());
        var (errors, warnings) = (0, 0);
        foreach (var given in all)
        {
            var issues = given.Resource.TryGet(out var resource, out failure) ? Validator.Validate(resource, context, order.Profiles) : failure.Issues;
            Show(given, issues);
            errors += issues.Count(i => i.IsError);
            warnings += issues.Count(i => i.Severity == IssueSeverity.Warning);
        }
        output.WriteLine(FormattableString.Invariant($"{Counted(all.Count, "resource")}, {Counted(errors, "error")}, {Counted(warnings, "warning")}"));
        return errors > 0 ? ExitCode.Failed : ExitCode.Fine;
    }

    /// <summary>Definitions among the files are used beside those that come with the program.</summary>
    private static ValidationContext Context(ProgramDefinitions program, IReadOnlyList<Resource> given, DateTimeOffset now)
    {
        var trees = given.Where(d => d.Type is "StructureDefinition" or "ValueSet" or "CodeSystem").Select(d => d.Tree).ToList();
        var questionnaires = program.Content.Concat(given).Where(d => d.Type == "Questionnaire").ToList();
        return new ValidationContext(new FhirPathContext(now) { ValueSets = program.Terms.With(trees) })
        {
            Profiles = program.Profiles.With(trees),
            Questionnaire = canonical => questionnaires.Find(q => q.Root.Child("url")?.Text == canonical.Split('|')[0]),
        };
    }

    private static string Counted(int count, string what) => FormattableString.Invariant($"{count} {what}{(count == 1 ? "" : "s")}");

    private void Show(GivenResource given, ImmutableArray<Issue> issues)
    {
        foreach (var issue in issues.OrderByDescending(i => i.Severity))
        {
            var severity = issue.IsError ? _paint.Red("error") : issue.Severity == IssueSeverity.Warning ? _paint.Yellow("warning") : _paint.Cyan("information");
            var expression = issue.Expression is null ? "" : issue.Expression + " ";
            output.WriteLine($"{_paint.Dim(given.Place(issue))} {severity} {issue.Code} {expression}{Paint.Plain(issue.Text)}");
        }
    }

    private int Refused(Failure failure)
    {
        refusals.WriteLine($"personalize: {failure.Issues[0].Text}");
        return ExitCode.Usage;
    }
}
