namespace Personalize.App.Texts;

/// <summary>What kind of contact it was or will be.</summary>
public enum ContactKind
{
    /// <summary>A visit that took or takes place.</summary>
    Visit,
    /// <summary>A booked visit.</summary>
    Appointment,
    /// <summary>A message to the patient.</summary>
    MessageOut,
    /// <summary>A message of the patient.</summary>
    MessageIn,
}
