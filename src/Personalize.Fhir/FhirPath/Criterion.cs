using System.Text;
using Personalize.Fhir.FhirPath.Functions;
using Personalize.Fhir.FhirPath.Operators;
using Personalize.Fhir.FhirPath.Syntax;

namespace Personalize.Fhir.FhirPath;

/// <summary>The argument of <c>where</c>, <c>exists</c> and <c>all</c>: asked of each item in turn.</summary>
internal abstract class Criterion
{
    /// <summary>The first argument of a call; <c>name = 'text'</c> has a form of its own that compares bytes.</summary>
    public static Criterion Of(Call call) => call.Node(0) is OperatorNode { Operator: "=", Left: MemberNode left, Right: LiteralNode { Value: string text } } && !Member.MayBeType(left.Name)
        ? new TextOfMember(new Member(left.Name), text)
        : new Whole(call.Condition(0));

    /// <summary>Whether it holds of an item; null when that is not known.</summary>
    public abstract bool? Holds(Frame frame, Slice item, int index);

    private sealed class Whole(Ask ask) : Criterion
    {
        public override bool? Holds(Frame frame, Slice item, int index) => frame.Test(ask, item, index);
    }

    private sealed class TextOfMember(Member member, string text) : Criterion
    {
        private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(text);
        private readonly PathValue _text = PathValue.Of(text);

        public override bool? Holds(Frame frame, Slice item, int index)
        {
            frame.Spend();
            var answer = member.IsText(frame[item.Start], _utf8, out var isPlain);
            return isPlain ? answer : Compared(frame, item);
        }

        private bool? Compared(Frame frame, Slice item)
        {
            var start = frame.Top;
            member.Step(frame, item);
            var count = frame.Top - start;
            bool? same = count == 1 ? Equality.Same(frame[start], _text) : count == 0 ? null : false;
            frame.Reset(start);
            return same;
        }
    }
}
