using System.Diagnostics.CodeAnalysis;
using Personalize.Fhir.Elements;
using Personalize.Fhir.Primitives;

namespace Personalize.Fhir.FhirPath;

/// <summary>What one evaluation works with: a stack of values and the scope of <c>$this</c>, <c>$index</c> and <c>$total</c>.
/// Frames are used again by their thread, so that an evaluation allocates no collections.</summary>
internal sealed class Frame
{
    private const int MostValues = 4_000_000;
    private const int KeptValues = 16_384;

    [ThreadStatic]
    private static Frame? s_spare;

    private PathValue[] _values = new PathValue[64];
    private int _highest;
    private Dictionary<string, PathValues>? _variables;
    private FhirDateTime? _now;
    private FhirDate? _today;

    public FhirPathContext Context { get; private set; } = null!;

    /// <summary>What <c>now()</c> answers, made once.</summary>
    public FhirDateTime Now => _now ??= FhirDateTime.Of(Context.Now);

    /// <summary>What <c>today()</c> answers, made once.</summary>
    public FhirDate Today => _today ??= FhirDate.Of(DateOnly.FromDateTime(Context.Now.DateTime));

    /// <summary>The number of values on the stack.</summary>
    public int Top { get; private set; }

    /// <summary><c>%context</c>: what the expression was asked about.</summary>
    public Slice Root { get; private set; }

    /// <summary><c>$this</c>.</summary>
    public Slice This { get; set; }

    /// <summary><c>$index</c>; -1 outside an iteration.</summary>
    public int Index { get; set; }

    /// <summary><c>$total</c>.</summary>
    public Slice Total { get; set; }

    /// <summary>A frame for one evaluation; give it back with <see cref="Return"/>.</summary>
    public static Frame Rent(FhirPathContext context, PathValues focus)
    {
        var frame = s_spare ?? new Frame();
        s_spare = null;
        frame.Context = context;
        frame.Push(focus);
        (frame.Root, frame.This, frame.Index, frame.Total) = (frame.From(0), frame.From(0), -1, default);
        return frame;
    }

    /// <summary>Forgets all values; the thread's next evaluation takes this frame.</summary>
    public void Return()
    {
        Mark();
        if (_values.Length > KeptValues)
            _values = new PathValue[64];
        else
            Array.Clear(_values, 0, _highest);
        (Top, _highest, Context, _variables, _now, _today) = (0, 0, null!, null, null, null);
        s_spare = this;
    }

    [SuppressMessage("Design", "CA1043:Use integral or string argument for indexers", Justification = "An index into the stack is integral.")]
    public PathValue this[int index] => _values[index];

    public ReadOnlySpan<PathValue> Span(Slice slice) => _values.AsSpan(slice.Start, slice.Count);

    public void Push(in PathValue value)
    {
        if (Top == _values.Length)
            Grow();
        _values[Top++] = value;
    }

    private void Grow(int by = 1)
    {
        if (Top + by > MostValues)
            throw new PathError("The evaluation yields too many values");
        Array.Resize(ref _values, Math.Max(Top + by, _values.Length * 2));
    }

    public void Push(object value) => Push(new PathValue(value));

    public void Push(bool value) => Push(PathValue.Of(value));

    public void Push(int value) => Push(PathValue.Of(value));

    public void Push(Element element) => Push(new PathValue(element));

    public void Push(PathValues values) => Push(values.Array.AsSpan());

    public void Push(Slice slice) => Push(_values.AsSpan(slice.Start, slice.Count));

    private void Push(ReadOnlySpan<PathValue> values)
    {
        if (Top + values.Length > _values.Length)
            Grow(values.Length);
        values.CopyTo(_values.AsSpan(Top));
        Top += values.Length;
    }

    /// <summary>What was pushed since the stack was so high.</summary>
    public Slice From(int start) => new(start, Top - start);

    /// <summary>Drops what was pushed since the stack was so high.</summary>
    public void Reset(int start)
    {
        Mark();
        Top = start;
    }

    /// <summary>Drops what lies between: what was pushed since <paramref name="keep"/> moves down to <paramref name="start"/>.</summary>
    public void Collapse(int start, int keep)
    {
        Mark();
        var count = Top - keep;
        if (start != keep && count > 0)
            Array.Copy(_values, keep, _values, start, count);
        Top = start + count;
    }

    private void Mark()
    {
        if (Top > _highest)
            _highest = Top;
    }

    /// <summary>Evaluates an argument, in the scope of <c>$this</c>. The result lies on the stack.</summary>
    public Slice Argument(Step step)
    {
        var start = Top;
        step(this, This);
        return From(start);
    }

    /// <summary>Evaluates a criterion on one value as <c>$this</c>; leaves nothing on the stack.</summary>
    public bool? Test(Step criterion, Slice item, int index)
    {
        var start = Top;
        var (outer, outerIndex) = (This, Index);
        (This, Index) = (item, index);
        criterion(this, item);
        (This, Index) = (outer, outerIndex);
        var holds = Singleton.Boolean(this, From(start));
        Reset(start);
        return holds;
    }

    /// <summary>Evaluates a projection on one value as <c>$this</c>; its result is pushed.</summary>
    public void Project(Step projection, Slice item, int index)
    {
        var (outer, outerIndex) = (This, Index);
        (This, Index) = (item, index);
        projection(this, item);
        (This, Index) = (outer, outerIndex);
    }

    /// <summary>What <c>defineVariable</c> gave a name, or null.</summary>
    public PathValues? Variable(string name) => _variables?.GetValueOrDefault(name);

    /// <summary>Gives a name to values for the rest of the evaluation.</summary>
    public void Define(string name, PathValues values)
    {
        _variables ??= new Dictionary<string, PathValues>(StringComparer.Ordinal);
        if (!_variables.TryAdd(name, values))
            throw new PathError("A variable is defined twice");
    }

    /// <summary>The values of a slice, to keep.</summary>
    public PathValues Take(Slice slice) => slice.Count switch
    {
        0 => PathValues.Empty,
        1 => PathValues.Of(_values[slice.Start]),
        _ => new PathValues(Span(slice).ToArray()),
    };
}
