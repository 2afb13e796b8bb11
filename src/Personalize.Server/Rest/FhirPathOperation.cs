using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Server.Http;

namespace Personalize.Server.Rest;

/// <summary><c>POST [base]/$fhirpath</c>: evaluates an expression on a resource that comes with it. Of what is stored only the definitions that the expression names are read, nothing that was posted is kept.
/// Takes Parameters (<c>expression</c>, <c>resource</c>, optionally <c>context</c>, <c>variables</c>). Source: FHIRPath 2.0; https://www.hl7.org/fhir/R4/fhirpath.html.</summary>
internal static partial class FhirPathOperation
{
    private const string Definition = "https://personalize-fhir.org/fhir/OperationDefinition/fhirpath";
    private const int LongestExpression = 20_000;

    private static readonly TimeSpan _longestTime = TimeSpan.FromSeconds(2);

    private sealed record Asked(string Expression, string ExpressionPlace, string? Context, string? ContextPlace, Element? Focus, FhirPathContext Scope);

    /// <summary>The operation.</summary>
    public static Operation Of(StoredDefinitions definitions, Func<DateTimeOffset> now) => new("fhirpath", null, OperationLevel.System, Definition, ReadsOnly: false, async (request, ct) =>
    {
        // The host bounds the time: one posted expression must not hold a thread.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(_longestTime);
        using var results = new FhirPathResults();
        if (!request.Content().Then(body => Read(body, new FhirPathContext(now()) { Limits = FhirPathLimits.Posted, Stop = stop.Token, Trace = results.Trace })).TryGet(out var asked, out var failure))
            return failure;
        var named = Canonical().Matches(asked.Expression + " " + asked.Context).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        return (await definitions.Evaluation(request.Access, asked.Scope, named, ct)).Then(scope => Run(asked with { Scope = scope }, results));
    });

    // Texts in quotes that may name a definition.
    [GeneratedRegex(@"'((?:https?|urn):[^'\\\s]{1,500})'", RegexOptions.CultureInvariant)]
    private static partial Regex Canonical();

    private static Outcome<Asked> Read(Resource body, FhirPathContext scope)
    {
        if (body.Type != "Parameters")
            return new Failure.Invalid("$fhirpath takes Parameters.", body.Type);
        var given = body.Root.Children("parameter").Select(p => (Name: p.Child("name")?.Text, Part: p)).ToLookup(p => p.Name, p => p.Part, StringComparer.Ordinal);
        if (Text(given["expression"]) is not var (expression, place))
            return new Failure.Invalid("The parameter expression (valueString) is missing.", "Parameters.parameter");
        Element? focus = null;
        if (given["resource"].Any())
        {
            if (given["resource"].First().Child("resource") is not { } posted)
                return new Failure.Invalid("The parameter resource holds a resource.", given["resource"].First().Location());
            // Of its own, so that paths and %resource begin with it.
            if (!Resource.Of(posted).TryGet(out var resource, out var failure))
                return failure;
            focus = resource.Root;
        }
        var context = Text(given["context"]);
        return new Asked(expression, place, context?.Text, context?.Place, focus, scope with { Constant = Variables(given["variables"]) });
    }

    private static (string Text, string Place)? Text(IEnumerable<Element> parameters) =>
        parameters.Select(p => p.Child("value")).FirstOrDefault(value => value?.Text is not null) is { } value ? (value.Text!, value.Location()) : null;

    // Each part is a constant by its name: its value, its resource, or all of several parts of that name.
    private static Func<string, PathValues?> Variables(IEnumerable<Element> parameters)
    {
        var values = parameters.SelectMany(p => p.Children("part")).Where(p => p.Child("name")?.Text is not null)
            .GroupBy(p => p.Child("name")!.Value.Text!, StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => PathValues.Of(g.Select(p => p.Child("value") ?? p.Child("resource")).OfType<Element>()), StringComparer.Ordinal);
        return name => values.GetValueOrDefault(name);
    }

    private static Outcome<Answer> Run(Asked asked, FhirPathResults results)
    {
        if (!Parsed(asked.Expression, asked.ExpressionPlace, asked.Context is null ? asked.Focus : null).TryGet(out var expression, out var failure))
            return failure;
        var focus = asked.Focus is { } resource ? PathValues.Of(resource) : PathValues.Empty;
        if (asked.Context is null)
            return At(expression.Evaluate(focus, asked.Scope), asked.ExpressionPlace).Select(values => results.Add(values, null).Answer());
        var contexts = Parsed(asked.Context, asked.ContextPlace!, asked.Focus).Then(context => At(context.Evaluate(focus, asked.Scope), asked.ContextPlace!));
        if (!contexts.TryGet(out var items, out failure))
            return failure;
        foreach (var item in items.Items)
        {
            if (!At(expression.Evaluate(PathValues.Of([item]), asked.Scope), asked.ExpressionPlace).TryGet(out var values, out failure))
                return failure;
            results.Add(values, item.Element?.Location() ?? "");
        }
        return results.Answer();
    }

    private static Outcome<FhirPathExpression> Parsed(string text, string place, Element? focus)
    {
        if (text.Length > LongestExpression)
            return new Failure.Invalid($"An expression has at most {LongestExpression} characters.", place);
        return At(focus is { } known ? FhirPathExpression.ParseFor(text, known.Type) : FhirPathExpression.Parse(text), place);
    }

    /// <summary>The failure says in which parameter the expression stands, beside the place inside it.</summary>
    private static Outcome<T> At<T>(Outcome<T> outcome, string place)
        where T : notnull =>
        outcome.Failure is Failure.FhirPath failure ? failure with { Issues = [.. failure.Issues.Select(issue => issue with { Expression = place })] } : outcome;
}
