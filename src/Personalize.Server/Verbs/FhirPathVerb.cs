using System.Text.Encodings.Web;
using System.Text.Json;
using Personalize.Fhir.Elements;
using Personalize.Fhir.FhirPath;
using Personalize.Fhir.Primitives;
using Personalize.Fhir.Schema;

namespace Personalize.Server.Verbs;

/// <summary>What <c>fhirpath</c> was asked to do.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Paths">Files, folders or <c>-</c>.</param>
/// <param name="IsLenient">True: elements that a type does not have are empty.</param>
internal sealed record FhirPathOrder(string Expression, IReadOnlyList<string> Paths, bool IsLenient);

/// <summary>The verb <c>fhirpath</c>: one line for each value, <c>file:line:column path type value</c>.</summary>
/// <param name="order">What to do.</param>
/// <param name="output">Takes the values.</param>
/// <param name="errors">Takes what went wrong.</param>
internal sealed class FhirPathVerb(FhirPathOrder order, TextWriter output, TextWriter errors)
{
    private readonly Paint _paint = Paint.OfConsole(Console.IsOutputRedirected);
    private readonly Paint _errorPaint = Paint.OfConsole(Console.IsErrorRedirected);

    private static readonly JsonSerializerOptions _readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Strictness goes by the type of the resource.
    private readonly Dictionary<FhirType, Outcome<FhirPathExpression>> _byType = [];
    private bool _failed;

    /// <summary>Runs it and gives the exit code.</summary>
    public int Run(TimeProvider time, Func<Stream> openInput)
    {
        if (FhirPathExpression.Parse(order.Expression).Failure is { } wrong)
            return Refused(wrong);
        if (GivenResources.Fault(order.Paths) is { } missing)
            return Refused(missing);
        if (!ProgramDefinitions.Read().TryGet(out var program, out var unreadable))
            return Refused(unreadable);
        // R4's and US Core's definitions and those of fhir-profiles are known to memberOf() and conformsTo().
        var context = ProgramDefinitions.Evaluation(new FhirPathContext(time.GetLocalNow()) { Trace = Trace }, program.Terms, program.Profiles);
        foreach (var given in GivenResources.Of(order.Paths, openInput))
        {
            if (given.Resource.TryGet(out var resource, out var unread))
                Evaluate(given, resource, context);
            else
                Fail(given, unread);
        }
        var refused = _byType.Where(t => t.Value.Failure is not null).ToList();
        if (refused.Count > 0 && refused.Count == _byType.Count)
            return Refused(refused[0].Value.Failure!);
        foreach (var (type, outcome) in refused)
            errors.WriteLine(_errorPaint.Dim($"{type.Name} was left out: {outcome.Failure!.Issues[0].Text}"));
        return _failed ? ExitCode.Failed : ExitCode.Fine;
    }

    private void Evaluate(GivenResource given, Resource resource, FhirPathContext context)
    {
        if (!Expression(resource.Root.Type).TryGet(out var expression, out _))
            return;
        if (!expression.Evaluate(resource.Root, context).TryGet(out var values, out var failure))
        {
            Fail(given, failure);
            return;
        }
        foreach (var value in values.Items)
            output.WriteLine(Line(given, value));
    }

    private Outcome<FhirPathExpression> Expression(FhirType type)
    {
        if (!_byType.TryGetValue(type, out var expression))
            _byType[type] = expression = order.IsLenient ? FhirPathExpression.Parse(order.Expression) : FhirPathExpression.ParseFor(order.Expression, type);
        return expression;
    }

    private string Line(GivenResource given, PathValue value)
    {
        var place = given.Source;
        var path = "";
        if (value.Element is { } element)
        {
            var (line, column) = element.Position();
            place = $"{given.Source}:{given.Line + line - 1}:{column}";
            path = element.Location() + " ";
        }
        return $"{_paint.Dim(place)} {path}{_paint.Cyan(value.TypeName)} {Paint.Plain(Shown(value))}";
    }

    private static string Shown(PathValue value) => value.Element is { } element && !element.HasValue
        ? OnOneLine(element.Json.IsEmpty ? element.TwinJson : element.Json)
        : value.ToString();

    // Numbers stay as they are written.
    private static string OnOneLine(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, _readable);
    }

    private void Trace(string name, PathValues values)
    {
        foreach (var value in values.Items)
            errors.WriteLine(_errorPaint.Dim($"trace {Paint.Plain(name)}: {value.TypeName} {Paint.Plain(Shown(value))}"));
    }

    private void Fail(GivenResource given, Failure failure)
    {
        _failed = true;
        var issue = failure.Issues[0];
        // An issue of the expression has its place there; one of the content in the file.
        var place = failure is Failure.FhirPath ? $"{given.Source}:{given.Line}" : given.Place(issue);
        errors.WriteLine($"{_errorPaint.Dim(place)} {_errorPaint.Red("error")} {issue.Text}");
    }

    /// <summary>One line, and for an expression the place under it.</summary>
    private int Refused(Failure failure)
    {
        errors.WriteLine($"personalize: {_errorPaint.Red(failure.Issues[0].Text)}");
        if (failure is Failure.FhirPath { Line: var line, Column: var column })
        {
            errors.WriteLine($"  {Paint.Plain(order.Expression.Split('\n')[line - 1])}");
            errors.WriteLine($"  {new string(' ', column - 1)}{_errorPaint.Red("^")}");
        }
        return ExitCode.Usage;
    }
}
