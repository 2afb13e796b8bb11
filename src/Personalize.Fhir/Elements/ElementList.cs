using System.Collections;
using Personalize.Fhir.Json;
using Personalize.Fhir.Schema;

namespace Personalize.Fhir.Elements;

/// <summary>Children of an element, found while they are enumerated; costs no memory in a plain <c>foreach</c>. The default value is empty.</summary>
public readonly struct ElementList : IEnumerable<Element>
{
    private readonly Element _parent;
    private readonly ElementDef? _wanted;
    private readonly bool _isEmpty;

    internal ElementList(Element parent, ElementDef? wanted, bool isEmpty) => (_parent, _wanted, _isEmpty) = (parent, wanted, isEmpty);

    /// <summary>Goes through the children in the order of the bytes.</summary>
    public Enumerator GetEnumerator() => new(_parent, _wanted, _isEmpty || _parent.Tree is null);

    IEnumerator<Element> IEnumerable<Element>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Goes through the children of an element.</summary>
    public struct Enumerator : IEnumerator<Element>
    {
        private readonly JsonTree _tree;
        private readonly FhirType _type;
        private readonly ElementDef? _wanted;
        // The number of the one name that is wanted; 0 when all are, or a choice with its several names.
        private readonly ushort _wantedName;
        private readonly int _container;
        private readonly int _end;
        private JsonProperty? _property;
        private int _next;
        private Row _values;
        private Row _twins;

        internal Enumerator(Element parent, ElementDef? wanted, bool isEmpty)
        {
            (_tree, _type, _wanted) = (parent.Tree, parent.Type, wanted);
            // What a primitive has beside its value stands in its twin.
            _container = isEmpty ? -1 : _type.Kind == FhirTypeKind.Primitive ? parent.Twin : parent.Node;
            var isObject = _container >= 0 && _tree[_container].Kind == JsonKind.Object;
            _end = isObject ? _tree[_container].Next : 0;
            _next = _container + 1;
            _wantedName = wanted?.Only?.Id ?? 0;
        }

        /// <inheritdoc/>
        public Element Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            while (true)
            {
                if (_property is not null && NextItem(_property))
                    return true;
                if (!NextProperty())
                    return false;
            }
        }

        /// <summary>Not offered.</summary>
        public readonly void Reset() => throw new NotSupportedException();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }

        private bool NextProperty()
        {
            while (_next < _end)
            {
                var at = _next;
                ref readonly var token = ref _tree[at];
                _next = token.Next;
                if (_wantedName != 0 && token.Name != _wantedName)
                    continue;
                if (token.Name == JsonNames.Unknown || _type.Property(token.Name) is not { } property || (_wanted is not null && property.Element != _wanted))
                    continue;
                var isTwin = token.Has(JsonMarks.Twin);
                if (isTwin && (property.Type.Kind != FhirTypeKind.Primitive || Other(token.Name, JsonMarks.None) >= 0))
                    continue;
                // No key stands twice in an object.
                _next = _wantedName == 0 ? _next : _end;
                _property = property;
                _values = isTwin ? Row.None : new(_tree, at);
                _twins = isTwin ? new(_tree, at)
                    : property.Type.Kind == FhirTypeKind.Primitive && _tree[_container].Has(JsonMarks.HasTwins) ? Row.Of(_tree, Other(token.Name, JsonMarks.Twin)) : Row.None;
                return true;
            }
            return false;
        }

        private readonly int Other(ushort name, JsonMarks twin)
        {
            for (var at = _container + 1; at < _end; at = _tree[at].Next)
                if (_tree[at].Name == name && (_tree[at].Marks & JsonMarks.Twin) == twin)
                    return at;
            return -1;
        }

        private bool NextItem(JsonProperty property)
        {
            while (!_values.IsDone || !_twins.IsDone)
            {
                var node = _values.Take(_tree);
                var twin = _twins.Take(_tree);
                if (node < 0 && twin < 0)
                    continue;
                var type = property.Type.IsResource ? (node < 0 ? null : Element.ResourceTypeAt(_tree, node)) ?? property.Type : property.Type;
                Current = new(_tree, node, twin, type, property.Element);
                return true;
            }
            _property = null;
            return false;
        }
    }

    /// <summary>What is left of a property's values: the items of an array, or the one value.</summary>
    private struct Row
    {
        private int _at;
        private readonly int _end;

        public Row(JsonTree tree, int node)
        {
            _at = tree[node].Kind == JsonKind.Array ? node + 1 : node;
            _end = tree[node].Next;
        }

        public static Row None => default;

        public readonly bool IsDone => _at >= _end;

        public static Row Of(JsonTree tree, int node) => node < 0 ? None : new(tree, node);

        /// <summary>The next row of the table; -1 for <c>null</c> and when none is left.</summary>
        public int Take(JsonTree tree)
        {
            if (IsDone)
                return -1;
            var at = _at;
            _at = tree[at].Next;
            return tree[at].Kind == JsonKind.Null ? -1 : at;
        }
    }
}
