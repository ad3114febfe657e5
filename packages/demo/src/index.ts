/** The people of the demo data. Their ids are fixed, so that each subgraph's demo rows are about the same people. */
export const demoPeople = {
  customer: {
    id: '019a0000-0000-7000-8000-000000000001',
    username: 'asha',
    phoneNumber: '+919876543210',
    email: 'asha@example.com',
  },
  operator: {
    id: '019a0000-0000-7000-8000-000000000002',
    username: 'omkar',
    phoneNumber: '+919876543211',
    email: 'omkar@example.com',
  },
  admin: {
    id: '019a0000-0000-7000-8000-000000000003',
    username: 'aditi',
    phoneNumber: '+919876543212',
    email: 'aditi@example.com',
  },
} as const;
