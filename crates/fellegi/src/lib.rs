//! Record linkage after Fellegi and Sunter: which records, of one file or of several, speak of the same person.
