using Hl7.Fhir.Model;
using Personalize.App.Fhir;
using Personalize.App.Texts;

namespace Personalize.App.Clinician;

/// <summary>A contact with the practice.</summary>
/// <param name="Kind">Visit, appointment or message.</param>
/// <param name="When">The moment, as the record writes it.</param>
/// <param name="At">The same as a moment, for order.</param>
/// <param name="What">What it was about, as text; may be empty.</param>
/// <param name="State">The FHIR status, such as <c>finished</c> or <c>noshow</c>.</param>
/// <param name="Remote">True for a visit by video or phone.</param>
/// <param name="Via">How a message went: a channel code such as <c>sms</c>; null when it is not said.</param>
public sealed record Contact(ContactKind Kind, string When, DateTimeOffset At, string What, string State, bool Remote, string? Via)
{
    internal static Contact? Of(Encounter visit) => Moment(visit.Period?.Start) is { } at
        ? new Contact(ContactKind.Visit, visit.Period!.Start!, at, Text(visit.ReasonCode) ?? Text(visit.Type) ?? "", Code(visit.Status), visit.Class?.Code == "VR", null)
        : null;

    internal static Contact? Of(Appointment booked) => booked.Start is { } at
        ? new Contact(ContactKind.Appointment, booked.StartElement?.ToString() ?? "", at,
            booked.Description ?? Text(booked.ReasonCode) ?? Text(booked.ServiceType) ?? Text(booked.AppointmentType) ?? "",
            Code(booked.Status), IsRemote(booked), null)
        : null;

    internal static Contact? Of(Communication message) => Moment(message.Sent ?? message.Received) is { } at
        ? new Contact(message.Sender?.Reference?.StartsWith("Patient/", StringComparison.Ordinal) == true ? ContactKind.MessageIn : ContactKind.MessageOut,
            (message.Sent ?? message.Received)!, at,
            Text(message.Topic) ?? message.Payload.Select(p => p.Content).OfType<FhirString>().FirstOrDefault()?.Value ?? Text(message.Category) ?? "",
            Code(message.Status), false, message.Medium.SelectMany(m => m.Coding).Select(Channel).FirstOrDefault(c => c is not null))
        : null;

    private static bool IsRemote(Appointment booked) =>
        booked.ServiceType.Concat(booked.ServiceCategory).Append(booked.AppointmentType).OfType<CodeableConcept>()
            .SelectMany(c => c.Coding).Any(c => c.Code is "VR" or "448337001" or "video" or "phone" or "telehealth");

    // HL7 v3 ParticipationMode beside our own channel codes.
    private static string? Channel(Coding medium) => medium.System == Canonicals.Channel ? medium.Code : medium.Code switch
    {
        "SMSWRIT" => "sms",
        "PHONE" => "phone",
        "EMAILWRIT" => "email",
        "ONLINEWRIT" => "portal",
        "MAILWRIT" => "mail",
        _ => null,
    };

    private static string Code<T>(T? status)
        where T : struct, Enum => status is { } known ? Hl7.Fhir.Utility.EnumUtility.GetLiteral(known) ?? "" : "";

    private static DateTimeOffset? Moment(string? written) =>
        written is not null && new FhirDateTime(written).TryToDateTimeOffset(TimeSpan.Zero, out var at) ? at : null;

    private static string? Text(IEnumerable<CodeableConcept> concepts) => concepts.Select(Text).FirstOrDefault(t => t is not null);

    private static string? Text(CodeableConcept? concept) => Shown.Concept(concept) is { Length: > 0 } text ? text : null;
}
